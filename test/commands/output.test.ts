import {spawn} from 'node:child_process';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';

/** Faults in an inventory make a program print much without any host. */
async function faultyInventory(): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'infra-test-')), 'hosts.yml');
  const hosts = Array.from({length: 4000}, (_, index) => `    h${index}: {adress: 192.0.2.1}\n`);
  await writeFile(file, `all:\n  hosts:\n${hosts.join('')}`);
  return file;
}

test('a slow reader gets everything', async (t) => {
  const child = spawn(process.execPath, ['bin/infra', 'plan', '--inventory', await faultyInventory()]);
  // Long enough for it to end, if it did not wait for its reader.
  await sleep(3000);
  let text = '';
  for await (const part of child.stderr.setEncoding('utf8')) text += part;
  t.true(text.includes('h3999: {adress'), `${text.length} characters`);
});
