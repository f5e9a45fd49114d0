import {type Command, sh} from './command.js';
import {Secret} from './secret.js';

/**
 * A command that gets bytes on standard input. They travel inside the script as base64 through the shell's built-in
 * `printf`, so any bytes pass and nothing of them shows in the host's process list. Masked as a whole when shown.
 */
export function feed(bytes: Uint8Array | Secret, command: Command): Command {
  const content = bytes instanceof Secret ? Buffer.from(bytes.reveal()) : Buffer.from(bytes);
  return sh`printf %s ${new Secret(content.toString('base64'))} | base64 -d | ${command}`;
}
