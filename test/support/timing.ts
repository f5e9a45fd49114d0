/*
 * Ava loads this before every test file (`require` in package.json). Where INFRA_TEST_TIMES names a file, a line
 * `SECONDS FILE` is added to it for each test file: from here until it ends, with its hooks.
 */
import {appendFileSync} from 'node:fs';
import test from 'ava';

const began = performance.now();
process.on('exit', () => noteTime((performance.now() - began) / 1000));

/** Counts seconds for this test file; negative ones in which it only waited for its turn. */
export function noteTime(seconds: number): void {
  const times = process.env.INFRA_TEST_TIMES;
  if (times !== undefined) appendFileSync(times, `${seconds} ${test.meta.file}\n`);
}
