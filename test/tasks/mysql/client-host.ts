import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Command, Reply} from '../../../src/shell/index.js';
import {writePrograms} from '../../support/stand-ins.js';

const TOOLS = ['cat', 'grep', 'sed', 'sha256sum', 'tr'];

/**
 * A host on which no program but a few tools and these scripts can be found: a database client is one that answers what
 * a test says. Time does not pass there: `sleep` returns at once.
 */
export function clientHost(t: ExecutionContext, scripts: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-client-'));
  t.teardown(() => rmSync(directory, {recursive: true, force: true}));
  for (const tool of TOOLS) symlinkSync(`/usr/bin/${tool}`, join(directory, tool));
  writePrograms(directory, {sleep: ':', ...scripts});
  return {
    directory,
    /** Lines of a file that a script has written. */
    count: (file: string): number => readFileSync(join(directory, file), 'utf8').split('\n').length - 1,
    run: (command: Command): Reply => {
      const input = `(\n${command.reveal()}\n) </dev/null`;
      const {status, stdout, stderr} = spawnSync('/bin/sh', [], {input, cwd: directory, env: {PATH: directory}});
      return {code: status ?? 255, stdout: String(stdout), stderr: String(stderr), truncated: false};
    },
  };
}
