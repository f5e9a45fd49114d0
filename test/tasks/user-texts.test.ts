import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {Task} from '../../src/model/index.js';
import {type Command, Secret, sh} from '../../src/shell/index.js';
import {block, command, file, line, template} from '../../src/tasks/index.js';
import {applyLocally} from './local-shell.js';

const SECRET = 'hunter2 of another task';

/** The variables and functions of a fresh shell. */
const BARE = new Set(namesIn(execFileSync('sh', ['-c', 'HOME=; LC_ALL=C; OLDPWD=; cd /; set'], {encoding: 'utf8'})));

function namesIn(listing: string): readonly string[] {
  return [...listing.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
}

const cases: readonly (readonly [string, (target: string, text: Command) => Task])[] = [
  ['the change of a command', (_, text) => command({command: text})],
  ['unless', (_, text) => command({command: 'true', unless: String(text)})],
  ['onlyIf', (_, text) => command({command: 'true', onlyIf: String(text)})],
  ['what validates a file', (target, text) => file({path: target, content: new Secret(SECRET), validate: () => text})],
  [
    'what validates a template',
    (target, text) =>
      template({path: target, source: 'own.ejs', vars: {secret: new Secret(SECRET)}, validate: () => text}),
  ],
  ['what validates a line', (target, text) => line({path: target, line: SECRET, validate: () => text})],
  ['what validates a block', (target, text) => block({path: target, name: 'a', block: SECRET, validate: () => text})],
];

for (const [name, make] of cases) {
  test(`${name} sees no variable and no descriptor of ours`, (t) => {
    const root = mkdtempSync(path.join(tmpdir(), 'infra-user-'));
    const target = path.join(root, 'target');
    writeFileSync(target, 'old\n');
    writeFileSync(path.join(root, 'own.ejs'), '<%= secret %>');
    const [seen, open] = [path.join(root, 'seen'), path.join(root, 'open')];
    const {failed} = applyLocally(make(target, sh`set >${seen}; ls /proc/self/fd >${open}`), [root]);
    t.is(failed, undefined, failed?.stderr);
    const listing = readFileSync(seen, 'utf8');
    t.deepEqual(
      namesIn(listing).filter((each) => !BARE.has(each)),
      [],
      listing,
    );
    t.notRegex(listing, /hunter2|seen/);
    t.is(readFileSync(open, 'utf8'), execFileSync('sh', ['-c', 'ls /proc/self/fd'], {encoding: 'utf8'}));
    rmSync(root, {recursive: true});
  });
}
