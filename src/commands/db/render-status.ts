import {counted, paint, type StyledText, styled} from '../../model/index.js';
import {endedLines, pad, widthOf} from '../../renderers/index.js';
import type {DatabaseStatus, ServerStatus} from './describe-status.js';

/** The status for people. Ends with a line break. */
export function renderStatus({servers, promise, problems}: DatabaseStatus): StyledText {
  const column = (value: (server: ServerStatus) => string) => Math.max(...servers.map((each) => widthOf(value(each))));
  const [names, roles] = [column(({name}) => name), column(({role}) => role)];
  return endedLines([
    ...servers.map(({name, role, words, lacks, ghosts}) => {
      const sign = role === 'primary' || role === 'replica' ? paint('green', '✓') : paint('red', '✗');
      const more = [
        lacks ? `lacks ${counted(lacks, 'transaction')}` : '',
        ghosts ? `alone has ${counted(ghosts, 'transaction')}` : '',
      ].filter(Boolean);
      return styled`${sign} ${pad(name, names)}  ${pad(role, roles)}  ${[words, ...more].join('; ')}`;
    }),
    styled`${promise}`,
    ...problems.map(({message, hint}) => styled`${paint('red', '!')} ${message}: ${hint}`),
  ]);
}
