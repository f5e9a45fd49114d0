import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {newKeyPair} from '../../src/secrets/age.js';
import {
  addRecipient,
  isBegun,
  isRecipient,
  loadRecipients,
  parseRecipients,
  projectRecipients,
  recipientsFile,
  recipientsOf,
  removeRecipient,
  valueFiles,
} from '../../src/secrets/recipients.js';
import {faultsOf, newProject} from './project.js';

const FILE = '/p/secrets/recipients.txt';

/** Something of the form of a recipient; its check sum is wrong. */
const like = (letter: string) => `age1${letter.repeat(58)}`;

const [ONE, TWO] = [like('q'), like('p')];

test('each key has the comment line right above it as its name, and its line', (t) => {
  const text = `# head\n\n#  Ada Lovelace \n${ONE}\n\n  ${TWO}\r\n# the end`;
  t.deepEqual(parseRecipients(text, FILE), [
    {key: ONE, name: 'Ada Lovelace', at: {file: FILE, line: 4, column: 1}},
    {key: TWO, name: '', at: {file: FILE, line: 6, column: 1}},
  ]);
});

const NOT_ONE = 'this is not an age recipient';

const WRONG: readonly (readonly [line: string, message: string])[] = [
  ['age1short', NOT_ONE],
  [`${ONE} # comment`, NOT_ONE],
  [ONE.toUpperCase(), NOT_ONE],
  [`age1${'b'.repeat(58)}`, NOT_ONE],
  ['ssh-ed25519 AAAA', NOT_ONE],
  [`AGE-SECRET-KEY-1${'Q'.repeat(58)}`, 'this is an identity, which must stay private, not a recipient'],
  ['age-secret-key-1q', 'this is an identity, which must stay private, not a recipient'],
];

for (const [line, message] of WRONG) {
  test(`a line that is not a recipient is refused at its place: ${line.slice(0, 20)}`, async (t) => {
    const [fault, ...others] = await faultsOf(t, () => parseRecipients(`${ONE}\n${line}\n`, FILE));
    t.deepEqual([fault?.message, fault?.at, others], [message, {file: FILE, line: 2, column: 1}, []]);
    t.false(JSON.stringify(fault).includes(line), 'the line is not repeated');
  });
}

test('every wrong line is reported, and a list without a recipient is a fault of its own', async (t) => {
  const lines = (await faultsOf(t, () => parseRecipients('x\n\ny\n', FILE))).map(({at}) => at?.line);
  t.deepEqual(lines, [1, 3]);
  for (const text of ['', '# only comments\n'])
    t.deepEqual(await faultsOf(t, () => parseRecipients(text, FILE)), [
      {message: `${FILE} names no recipient`, hint: 'Add your own: infra secrets recipients add age1…'},
    ]);
});

test('a recipient that is added is found, and removing it gives the text from before', (t) => {
  const key = fc.stringMatching(/^age1[ac-hj-np-z02-9]{58}$/);
  const name = fc.stringMatching(/^([a-z]([a-z ]{0,8}[a-z])?)?$/);
  const recipient = fc.record({key, name});
  fc.assert(
    fc.property(fc.uniqueArray(recipient, {minLength: 1, maxLength: 4, selector: (each) => each.key}), (all) => {
      const before = all.slice(0, -1).reduce(addRecipient, '');
      const text = all.reduce(addRecipient, '');
      t.deepEqual(
        parseRecipients(text, FILE).map(({key, name}) => ({key, name})),
        all,
      );
      t.is(removeRecipient(text, all.at(-1)?.key ?? ''), before);
      return all.every((each) => isRecipient(each.key));
    }),
    {numRuns: 30},
  );
});

test('a list without a line break at its end gets one before the next recipient', (t) => {
  t.is(addRecipient(ONE, {key: TWO, name: ''}), `${ONE}\n${TWO}\n`);
  t.is(addRecipient('', {key: TWO, name: 'Bo'}), `# Bo\n${TWO}\n`);
});

const REMOVALS: readonly (readonly [title: string, before: string, after: string])[] = [
  ['the comment line above it goes with it', `# head\n\n# Ada\n${ONE}\n${TWO}\n`, `# head\n\n${TWO}\n`],
  ['a comment that an empty line sets apart stays', `# head\n\n${ONE}\n${TWO}`, `# head\n\n${TWO}`],
  ['the recipient above it stays', `${TWO}\n  ${ONE}\n`, `${TWO}\n`],
  ['an unknown recipient changes nothing', `# Bo\n${TWO}\n`, `# Bo\n${TWO}\n`],
];

for (const [title, before, after] of REMOVALS) {
  test(`a recipient is removed: ${title}`, (t) => {
    t.is(removeRecipient(before, ONE), after);
  });
}

test('a project without a list has none, and one whose list cannot be read is refused', async (t) => {
  const root = await newProject(t);
  t.is(await loadRecipients(root), undefined);
  mkdirSync(recipientsFile(root), {recursive: true});
  const [fault] = await faultsOf(t, () => loadRecipients(root));
  t.regex(fault?.message ?? '', /recipients\.txt cannot be read: EISDIR/);
});

test('a check sum is verified when a list is loaded, and the wrong one is named by its line', async (t) => {
  const root = await newProject(t);
  const {recipient} = await newKeyPair();
  mkdirSync(join(root, 'secrets'));
  writeFileSync(recipientsFile(root), `${recipient}\n${ONE}\n`);
  t.deepEqual(await faultsOf(t, () => loadRecipients(root)), [
    {
      message: 'the check sum of this age recipient is wrong',
      at: {file: recipientsFile(root), line: 2, column: 1},
      hint: 'Copy it again: a character is wrong.',
    },
  ]);
});

test('a project has begun with a list or with values, and only names of value files count', async (t) => {
  const root = await newProject(t);
  const directory = join(root, 'secrets');
  t.deepEqual([isBegun(root), valueFiles(directory)], [false, []]);
  mkdirSync(directory);
  for (const name of ['authority.pem', 'b.age.yaml', 'a.age.yaml', 'a.age.yml'])
    writeFileSync(join(directory, name), '');
  t.deepEqual([isBegun(root), valueFiles(directory)], [true, ['a', 'b']]);
  const listed = await newProject(t);
  mkdirSync(join(listed, 'secrets'));
  t.false(isBegun(listed));
  writeFileSync(recipientsFile(listed), '');
  t.true(isBegun(listed));
});

test('a fresh project gets an identity and a list of its user, once, and reports that', async (t) => {
  const root = await newProject(t);
  const notices: string[] = [];
  const keys = await projectRecipients({root, env: {}}, undefined, (text) => notices.push(text));
  const [recipient = ''] = keys;
  t.is(readFileSync(recipientsFile(root), 'utf8'), `# ${userInfo().username}\n${recipient}\n`);
  t.is(notices.length, 1);
  const identity = readFileSync(join(root, '.infra/identity.txt'), 'utf8');
  const own = {keys: identity.split('\n').filter((line) => line.startsWith('AGE-')), from: 'the file'};
  t.deepEqual(await recipientsOf(own), keys);
  t.deepEqual(await projectRecipients({root, env: {}}, own, (text) => notices.push(text)), keys);
  t.is(notices.length, 1);
});

test('values are encrypted for all who are listed, in their order, by anyone among them and nobody else', async (t) => {
  const root = await newProject(t, {});
  const [ours, theirs] = [await newKeyPair(), await newKeyPair()];
  writeFileSync(recipientsFile(root), `${theirs.recipient}\n${ours.recipient}\n`);
  const own = {keys: [ours.identity], from: 'my key'};
  t.deepEqual(await projectRecipients({root, env: {}}, own, t.fail), [theirs.recipient, ours.recipient]);
  const {identity, recipient} = await newKeyPair();
  const other = {keys: [identity], from: 'another key'};
  t.deepEqual(await faultsOf(t, () => projectRecipients({root, env: {}}, other, t.fail)), [
    {
      message: `${recipientsFile(root)} does not name the recipient of the identity in another key, which could not read what it writes`,
      hint: `A listed recipient can add it: infra secrets recipients add ${recipient}`,
    },
  ]);
});
