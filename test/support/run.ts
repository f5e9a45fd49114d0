/*
 * `npm test`: all tests, with the lab where it can be had. Says at the end what could not be tested, and why. Ends the
 * lab if it was not up before. With INFRA_LAB_INSTALL=1 it installs what the lab needs on this machine.
 */
import {spawn, spawnSync} from 'node:child_process';

const wasUp = infra(['lab', 'status']).stdout.startsWith('Lab of');
const noLab = prepareLab();
const noNmap = noLab ?? prepareTool('nmap');
const noChromium = prepareTool('chromium');
const {code, output} = await runAva({
  ...(noLab !== undefined && {INFRA_TEST_NO_LAB: noLab}),
  ...(noNmap !== undefined && {INFRA_TEST_NO_NMAP: noNmap}),
  ...(noChromium !== undefined && {INFRA_TEST_NO_CHROMIUM: noChromium}),
});
if (noLab === undefined && !wasUp) infra(['lab', 'down']);
if (noLab !== undefined) process.stdout.write(`\nNOT TESTED: everything on real hosts (test/hosts). ${noLab}\n`);
if (noLab === undefined && noNmap !== undefined)
  process.stdout.write(`\nNOT TESTED: open ports from outside (test/hosts/firewall.test.ts). ${noNmap}\n`);
if (noChromium !== undefined)
  process.stdout.write(`\nNOT TESTED: reports in a browser (test/renderers/report/browser.test.ts). ${noChromium}\n`);
const skipped = count(output, 'skipped');
process.stdout.write(`\n${count(output, 'passed')} passed, ${count(output, 'failed')} failed, ${skipped} skipped\n`);
process.exitCode = code;

/** Boots one host, to find out whether that works here. Returns why not. */
function prepareLab(): string | undefined {
  const install = process.env.INFRA_LAB_INSTALL === '1' ? ['--install'] : [];
  const {code, stderr} = infra(['lab', 'up', ...install, '--inventory', 'test/support/probe.yml']);
  return code === 0 ? undefined : stderr.trim();
}

/** nmap looks at the hosts from outside, chromium opens reports. Returns why there is none. */
function prepareTool(name: 'nmap' | 'chromium'): string | undefined {
  const isThere = () => spawnSync(name, ['--version']).status === 0;
  if (!isThere() && process.env.INFRA_LAB_INSTALL === '1') {
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', name], {stdio: 'inherit'});
  }
  return isThere() ? undefined : `There is no ${name} on this machine: apt-get install ${name}`;
}

function infra(args: readonly string[]) {
  const {status: code, stdout, stderr} = spawnSync(process.execPath, ['bin/infra', ...args], {encoding: 'utf8'});
  return {code, stdout, stderr};
}

function runAva(env: NodeJS.ProcessEnv): Promise<{code: number; output: string}> {
  const args = ['node_modules/ava/entrypoints/cli.mjs', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, ...env}});
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    process.stdout.write(chunk);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({code: code ?? 1, output: Buffer.concat(chunks).toString()}));
  });
}

/** Ava closes with lines such as `12 tests passed`, `1 test failed`, `1 uncaught exception`. */
function count(output: string, what: string): number {
  const lines = output
    .split('\n')
    .slice(-40)
    .join('\n')
    .matchAll(new RegExp(`^\\s*(\\d+) [a-z ]*${what}$`, 'gm'));
  return [...lines].reduce((sum, [, number]) => sum + Number(number), 0);
}
