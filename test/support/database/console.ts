import {hostProcess} from '../../../src/lab/hosts/boot.js';
import {initOf} from '../../../src/lab/hosts/inside.js';
import {labPaths} from '../../../src/lab/lab.js';
import {type Outcome, run} from '../programs.js';

/** The number of a running host's process 1 on this machine. Throws for a host that is off. */
export function initProcess(name: string): number {
  const running = hostProcess(labPaths(process.cwd(), process.env), name);
  const init = running && initOf(running);
  if (init === undefined) throw new Error(`${name} does not run`);
  return init;
}

const SPACES = ['--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd'];

/** Runs shell text as root on a host's console: also where no network leads to it. */
export function onConsole(host: string, text: string): Promise<Outcome> {
  return run('nsenter', ['--target', `${initProcess(host)}`, ...SPACES, 'sh'], text);
}

/** The same, but it must succeed; returns standard output. */
export async function askConsole(host: string, text: string): Promise<string> {
  const {code, stdout, stderr} = await onConsole(host, text);
  if (code !== 0) throw new Error(`on ${host}: ${text}\nexit ${code}\n${stdout}${stderr}`);
  return stdout;
}
