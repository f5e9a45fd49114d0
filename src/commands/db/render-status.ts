import {counted, inUtc, paint, type StyledText, styled} from '../../model/index.js';
import {endedLines, pad, widthOf} from '../../renderers/index.js';
import type {AutomaticStatus, LastFailover} from './describe-automatic.js';
import type {DatabaseStatus, ServerStatus} from './describe-status.js';

/** The status for people. Ends with a line break. */
export function renderStatus({servers, promise, automatic, problems}: DatabaseStatus): StyledText {
  const column = (value: (server: ServerStatus) => string) => Math.max(...servers.map((each) => widthOf(value(each))));
  const [names, roles] = [column(({name}) => name), column(({role}) => role)];
  return endedLines([
    ...servers.map(({name, role, isWell, words, lacks, ghosts}) => {
      const sign = isWell ? paint('green', '✓') : paint('red', '✗');
      const more = [
        lacks ? `lacks ${counted(lacks, 'transaction')}` : '',
        ghosts ? `alone has ${counted(ghosts, 'transaction')}` : '',
      ].filter(Boolean);
      return styled`${sign} ${pad(name, names)}  ${pad(role, roles)}  ${[words, ...more].join('; ')}`;
    }),
    styled`${promise}`,
    ...(automatic ? automaticLines(automatic) : []),
    ...problems.map(({message, hint}) => styled`${paint('red', '!')} ${message}: ${hint}`),
  ]);
}

function automaticLines({watchers, last}: AutomaticStatus): readonly StyledText[] {
  const names = Math.max(...watchers.map(({name}) => widthOf(name)));
  return [
    styled`Automatic failover:`,
    ...watchers.map(({name, acts, words}) => {
      const sign = acts ? paint('green', '✓') : paint('yellow', '!');
      return styled`${sign} ${pad(name, names)}  ${words}`;
    }),
    ...(last ? [styled`${lastWords(last)}`] : []),
  ];
}

function lastWords({phase, time, by, from, to, why, result, next}: LastFailover): string {
  const what = `${inUtc(new Date(time))}, by ${by}: from ${from}${to && ` to ${to}`}, since ${why}`;
  if (phase === 'done') return `The last one: ${what}.${next === null ? '' : ` Still to do: ${next}`}`;
  if (phase === 'undone') return `The last attempt: ${what}; taken back${result && `: ${result}`}`;
  return `Under way: ${what}`;
}
