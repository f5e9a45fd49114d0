/*
 * `npm test`: all tests, with the lab where it can be had. Says at the end what could not be tested, and why, and what
 * was slow. Ends the lab if it was not up before. With INFRA_LAB_INSTALL=1 it installs what the lab needs on this
 * machine. With arguments: ava with these alone.
 */
import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {LEFT_OUT} from './long-tests.js';
import {parseFiles, parseTests, renderSlowest, type Timed} from './slowest.js';

const wasUp = infra(['lab', 'status']).stdout.startsWith('Lab of');
const noLab = prepareLab();
const noNmap = noLab ?? prepareTool('nmap');
const noChromium = prepareTool('chromium');
const times = path.join(mkdtempSync(path.join(tmpdir(), 'infra-test-')), 'times');
writeFileSync(times, '');
const env = {
  INFRA_TEST_TIMES: times,
  ...(noLab !== undefined && {INFRA_TEST_NO_LAB: noLab}),
  ...(noNmap !== undefined && {INFRA_TEST_NO_NMAP: noNmap}),
  ...(noChromium !== undefined && {INFRA_TEST_NO_CHROMIUM: noChromium}),
};
const chosen = process.argv.slice(2);
const runs = chosen.length > 0 ? [await runAva(chosen)] : await runAll();
if (noLab === undefined && !wasUp) infra(['lab', 'down']);
if (noLab !== undefined) process.stdout.write(`\nNOT TESTED: everything on real hosts (test/hosts). ${noLab}\n`);
if (noLab === undefined && noNmap !== undefined)
  process.stdout.write(`\nNOT TESTED: open ports from outside (test/hosts/firewall.test.ts). ${noNmap}\n`);
if (noLab === undefined && LEFT_OUT.length > 0)
  process.stdout.write(
    `\nNOT TESTED: long tests of databases (test/hosts: ${LEFT_OUT.map((file) => path.basename(file, '.test.js')).join(', ')}). They run with INFRA_TEST_DATABASE=1 npm test\n`,
  );
if (noChromium !== undefined)
  process.stdout.write(`\nNOT TESTED: reports in a browser (test/renderers/report/browser.test.ts). ${noChromium}\n`);
const total = (what: string) => runs.reduce((sum, {output}) => sum + count(output, what), 0);
process.stdout.write(`\n${renderSlowest(parseFiles(readFileSync(times, 'utf8')), runs.flatMap(testsOf))}`);
process.stdout.write(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`);
process.exitCode = Math.max(...runs.map(({code}) => code));

/** Not side by side: some of the others measure times. */
async function runAll(): Promise<readonly Run[]> {
  const others = await runAva(['--config', 'build/test/support/ava-others.js']);
  const hosts = await runAva(['--config', 'build/test/support/ava-hosts.js']);
  const timed = await runAva(['--config', 'build/test/support/ava-timed.js']);
  const alone = await runAva(['--config', 'build/test/support/ava-alone.js']);
  return [others, ...[hosts, timed, alone].map((run) => ({...run, directory: 'hosts'}))];
}

/** Ava leaves out of titles what all its files have in common. */
function testsOf({output, directory}: Run): readonly Timed[] {
  const tests = parseTests(output);
  return directory === undefined ? tests : tests.map((each) => ({...each, title: `${directory} › ${each.title}`}));
}

/** Boots one host, to find out whether that works here. Returns why not. */
function prepareLab(): string | undefined {
  const install = process.env.INFRA_LAB_INSTALL === '1' ? ['--install'] : [];
  const {code, stderr} = infra(['lab', 'up', ...install, '--inventory', 'test/support/probe.yml']);
  return code === 0 ? undefined : stderr.trim();
}

/** nmap scans the hosts from outside, chromium opens reports. Returns why there is none. */
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

interface Run {
  readonly code: number;
  readonly output: string;
  /** That all its test files are in. */
  readonly directory?: string;
}

function runAva(args: readonly string[]): Promise<Run> {
  const command = ['node_modules/ava/entrypoints/cli.mjs', ...args];
  const child = spawn(process.execPath, command, {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, ...env}});
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
