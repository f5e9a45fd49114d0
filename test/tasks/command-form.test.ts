import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {keepBackup, keepForUndo, putBack} from '../../src/engine/apply/step-command.js';
import type {Task} from '../../src/model/index.js';
import {sh} from '../../src/shell/index.js';
import * as tasks from '../../src/tasks/index.js';
import {newAuthority} from '../support/authority.js';
import {caseTags} from './case-tags.js';

/*
 * Owner, mode and copies concern what is open or the working directory, never a name: the last words of `chown` and
 * `chmod` are `/proc/self/fd/N` or `.`, those of `cp` are two of what is open.
 */

const DIRECTORY = 'test/tasks/cases';
const OPEN = String.raw`/proc/self/fd/\d`;
const ALLOWED = [
  new RegExp(String.raw`^(chown|chmod) -- \S+ (${OPEN}|\.)$`),
  // An empty file, in a directory that no other user can reach.
  /^install -m 600 \/dev\/null "\.\/\$i"$/,
  new RegExp(String.raw`^cp (--attributes-only )?--preserve=\S+ -- ${OPEN} ${OPEN}$`),
];

/** Every `chown`, `chmod`, `chgrp` and `cp` of a shell text with its words. */
function calls(text: string): string[] {
  const found = text.matchAll(/(?<![\w./-])(?:chown|chgrp|chmod|cp|install|rsync|tar)\s[^;&|)}\n]*/g);
  return [...found].map(([call]) => call.trim());
}

const wrong = (text: string) => calls(text).filter((call) => !ALLOWED.some((form) => form.test(call)));

/** The user's own commands are theirs, and a package manager installs. */
const NOT_OURS = ['command', 'apt'];

const cases = readdirSync(DIRECTORY, {recursive: true, encoding: 'utf8'})
  .filter((name) => name.endsWith('.yaml') && !NOT_OURS.includes(dirname(name)))
  .sort();

test('no change of any task gives an owner or a mode to a name, or copies one', (t) => {
  let count = 0;
  for (const name of cases) {
    // The tests' own data, checked by the tests that are made of it.
    const {spec, reply} = parse(readFileSync(join(DIRECTORY, name), 'utf8'), {customTags: caseTags}) as Case;
    for (const text of textsOf(dirname(name), spec, reply)) {
      t.deepEqual(wrong(text), [], name);
      count += calls(text).length;
    }
  }
  t.true(count > 50, `only ${count} calls were found`);
});

test('certificates, old versions and backups keep to the same form', async (t) => {
  const from = await newAuthority();
  const pair = tasks.certificate({path: '/a/x', key: '/a/y', from, names: ['x']}).open({templateDirectories: []});
  const verdict = pair.judge({code: 0, stdout: 'absent\n-- key --\nabsent\n', stderr: '', truncated: false});
  const commands = verdict.type === 'change' ? await verdict.late?.() : [];
  const file = {path: '/a/x', follow: true};
  const old = [keepForUndo(file, 'play'), putBack([file], 'play'), keepBackup(file, 'run')];
  for (const command of [...(commands ?? []), ...old]) {
    t.true(calls(command.reveal()).length > 0 || command.toString().startsWith('mkdir'));
    t.deepEqual(wrong(command.reveal()), []);
  }
});

test('the test itself finds a name', (t) => {
  t.deepEqual(wrong(sh`chown -- root ${'/etc/x'} && cp -a -- "$f" .; chmod 0600 ${'x'}`.reveal()).length, 3);
});

interface Case {
  readonly spec: object;
  readonly reply?: object;
}

function textsOf(type: string, spec: object, reply: object = {}): string[] {
  const construct = Object.entries(tasks).find(([name]) => name === type)?.[1];
  try {
    // Which spec a constructor takes is for the case file to get right.
    const task = (construct as unknown as (spec: object) => Task)(spec);
    const question = task.open({templateDirectories: [resolve(DIRECTORY, '../templates')]});
    const verdict = question.judge({code: 0, stdout: '', stderr: '', truncated: false, ...reply});
    if (verdict.type !== 'change') return [];
    const {commands, guard} = verdict;
    const guarding = guard ? [guard.keep, guard.restore, guard.activate] : [];
    return [...commands, ...guarding].map((command) => command.reveal());
  } catch {
    // Refused or unreadable, as the case wants it.
    return [];
  }
}
