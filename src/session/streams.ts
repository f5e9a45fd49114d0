import {type StyledText, severalLines, terminalText} from '../model/text/styled-text.js';

/** What the command that runs puts over its secrets; for errors that nobody catches. */
export const uncaught = {mask: (text: string): string => text};

/** Writes text for people. All that commands print goes through here, so that none of it can be an order to a terminal. */
export function writeText(stream: NodeJS.WriteStream, text: StyledText, color = false): void {
  stream.write(terminalText(text, color));
}

/** Writes a value as it is, for the program that reads it. On a terminal it is text for people. */
export function writeValue(stream: NodeJS.WriteStream, value: string): void {
  if (stream.isTTY) writeText(stream, severalLines(value));
  else stream.write(value);
}
