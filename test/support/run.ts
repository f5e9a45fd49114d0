/*
 * `npm test`: all tests, with the lab where it can be had. Says at the end what could not be tested, and why. Ends the
 * lab if it was not up before. With INFRA_LAB_INSTALL=1 it installs what the lab needs on this machine.
 */
import {spawnSync} from 'node:child_process';

const ava = ['node_modules/ava/entrypoints/cli.mjs', ...process.argv.slice(2)];
const wasUp = infra(['lab', 'status']).stdout.startsWith('Lab of');
const noLab = prepareLab();

const {status} = spawnSync(process.execPath, ava, {
  stdio: 'inherit',
  env: {...process.env, ...(noLab === undefined ? {} : {INFRA_TEST_NO_LAB: noLab})},
});
if (noLab === undefined && !wasUp) infra(['lab', 'down']);
if (noLab !== undefined) {
  process.stdout.write(`\nNOT TESTED: everything on real hosts (test/hosts). ${noLab}\n`);
}
process.exitCode = status ?? 1;

/** Boots one host, to find out whether that works here. Returns why not. */
function prepareLab(): string | undefined {
  const install = process.env.INFRA_LAB_INSTALL === '1' ? ['--install'] : [];
  const {code, stderr} = infra(['lab', 'up', ...install, '--inventory', 'test/support/probe.yml']);
  return code === 0 ? undefined : stderr.trim();
}

function infra(args: readonly string[]) {
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync(process.execPath, ['bin/infra', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  return {code, stdout, stderr};
}
