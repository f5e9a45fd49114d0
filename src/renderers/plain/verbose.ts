import {stripVTControlCharacters} from 'node:util';
import {fileLine, type RunEvent, type Shown, type StyledText, styled} from '../../model/index.js';
import {renderSeconds} from '../text/text.js';

/** A verb or a time, and what it is about. */
export type Told = readonly [string, Shown];

/**
 * What is told beside the rest with `-v`: that a task begins, and each line that it prints with the time since then;
 * with `-vv` also its commands. `clock`: milliseconds.
 */
export function verboseTeller(
  verbosity: number,
  clock = () => performance.now(),
): (event: RunEvent) => readonly Told[] {
  const begun = new Map<string, number>();
  return (event) => {
    if (verbosity === 0) return [];
    switch (event.type) {
      case 'task-started':
      case 'handler-started': {
        begun.set(event.host, clock());
        const name = event.type === 'task-started' ? event.task : event.handler;
        const commands = verbosity > 1 ? (event.commands ?? []) : [];
        return [['begins', name], ...commands.flatMap(commandLines)];
      }
      case 'output': {
        const seconds = (clock() - (begun.get(event.host) ?? clock())) / 1000;
        return [[renderSeconds(seconds).padStart(9), styled`| ${lastState(event.text)}`]];
      }
      default:
        return [];
    }
  };
}

function commandLines(command: string): Told[] {
  return command.split('\n').map((line, index) => ['', styled`${index === 0 ? '$' : ' '} ${fileLine(line)}`]);
}

/** Without colours, and of a line that a progress display wrote over only what stayed. */
function lastState(text: string): StyledText {
  return fileLine(
    stripVTControlCharacters(text)
      .replace(/\r$/, '')
      .replace(/^.*\r(?=.)/, ''),
  );
}
