import {type StyledText, severalLines, terminalText} from '../model/text/styled-text.js';

/** Writes text for people. All output of commands goes through here, so that none of it can control a terminal. */
export function writeText(stream: NodeJS.WriteStream, text: StyledText, color = false): void {
  stream.write(terminalText(text, color));
}

/** Writes a value as it is, for the program that reads it. On a terminal it is written as text for people. */
export function writeValue(stream: NodeJS.WriteStream, value: string): void {
  if (stream.isTTY) writeText(stream, severalLines(value));
  else stream.write(value);
}
