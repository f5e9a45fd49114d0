import {spawnSync} from 'node:child_process';
import {type Command, join, type Reply} from '../../src/shell/index.js';

/** Runs commands as a script does, with our directory of the host somewhere else. */
export function runIn(root: string, ...commands: readonly Command[]): Reply {
  const places = {directory: root, uploads: `${root}/uploads`};
  const text = join(commands, '\n').reveal(places).replaceAll('/var/lib', root);
  const {status, stdout, stderr} = spawnSync('sh', [], {input: `set -f; set +f\n${text}\n`});
  return {code: status ?? 255, stdout: stdout.toString(), stderr: stderr.toString(), truncated: false};
}
