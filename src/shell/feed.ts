import {type Command, sh} from './command.js';
import {Secret} from './secret.js';

/**
 * A command that gets a text on standard input, through the shell's built-in `printf`: nothing of it shows in the host's
 * process list. Masked as a whole when shown. For bytes there are uploads.
 */
export function feed(text: string | Secret, command: Command): Command {
  return sh`printf %s ${text instanceof Secret ? text : new Secret(text)} | ${command}`;
}
