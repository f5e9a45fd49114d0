import test from 'ava';
import {z} from 'zod';
import {
  type Diagnostic,
  defineRole,
  defineTask,
  type Handler,
  InputError,
  type Items,
  listens,
  type PlaybookOptions,
  type PlayOptions,
  play,
  playbook,
  type Role,
  type Task,
} from '../../../src/model/index.js';
import {sh} from '../../../src/shell/index.js';

function faultsOf(act: () => unknown): string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({message, hint}: Diagnostic) =>
      hint === undefined ? message : `${message} | ${hint}`,
    );
  }
}

/** As JavaScript has it: of no type. */
const loose = <T>(value: unknown): T => value as T;

const verbs = {probe: () => sh`true`, parse: () => null, desire: () => null, change: () => []};

const timezone = defineTask({
  type: 'timezone',
  options: z.strictObject({zone: z.string().default('UTC'), label: z.number().optional()}),
  id: ({zone}) => zone,
  ...verbs,
});

const note = defineTask({type: 'note', id: ({text}: {text: string}) => text, ...verbs});

const role = defineRole('app', z.strictObject({port: z.number()}), () => []);

const handler: Handler = {id: 'x', command: sh`true`};

test("a task type of one's own is checked by its schema, which fills in defaults", (t) => {
  t.is(timezone({}).id, 'UTC');
  t.is(timezone({zone: 'CET', tags: 'x'}).id, 'CET');
  t.deepEqual(
    faultsOf(() => timezone(loose({zon: 3, when: 'no'}))),
    [
      'timezone: there is no option "zon" | Did you mean "zone"?',
      'timezone: the option "when" must be true or false, not "no" | Write true or false, without quotes.',
    ],
  );
  t.deepEqual(
    faultsOf(() => timezone(loose({zone: 3}))),
    ['timezone: the option "zone" must be text, not a number | Put it in quotes.'],
  );
  t.notThrows(() => timezone(loose({label: 3})), 'its own option of a common name');
});

test('without a schema the common options are checked, and others are left to the type', (t) => {
  t.is(note(loose({text: 'a', more: 1})).id, 'a');
  t.deepEqual(
    faultsOf(() => note(loose({text: 'a', retries: -1}))),
    ['note: the option "retries" must be a whole number from 0 on, not -1'],
  );
  t.deepEqual(
    faultsOf(() => note(loose('text'))),
    ['note: its options must be an object, not text | Write note({name: …}).'],
  );
});

test("a role's options and its second argument are checked", (t) => {
  t.deepEqual(role({port: 1}, {tags: 'a'}).tags, ['a']);
  t.deepEqual(
    [{port: 1}, {port: 2}].map(loose<(options: object) => Role>(role)).map(({tags}) => tags),
    [[], []],
  );
  t.deepEqual(
    [{tag: 'a'}, {tags: 3}, 'web'].flatMap((more) => faultsOf(() => role({port: 1}, loose(more)))),
    [
      'role app, second argument: there is no option "tag" | Did you mean "tags"?',
      'role app, second argument: the option "tags" must be text or a list, not a number | Put it in quotes.',
      'role app, second argument: its options must be an object, not text | Write them as {name: value}.',
    ],
  );
  t.deepEqual(
    faultsOf(() => role(loose({prt: 1}))),
    [
      'role app: the option "port" is missing | It must be a number.',
      'role app: there is no option "prt" | Did you mean "port"?',
    ],
  );
});

test('a role of which every option may be left out takes none, and its defaults count', (t) => {
  const Options = z.strictObject({port: z.number().default(80)});
  const site = defineRole('site', Options, ({port}) => [note({text: `port ${port}`})]);
  const made = [site(), site(undefined, {tags: 'web'}), site({port: 81})];
  t.deepEqual(
    made.map(({tags}) => tags),
    [[], ['web'], []],
  );
  t.like(
    made.map((each) => each.compile(loose({}))),
    [[{id: 'port 80'}], [{id: 'port 80'}], [{id: 'port 81'}]],
  );
  t.deepEqual(
    // @ts-expect-error The port of this role is required.
    faultsOf(() => role()),
    ['role app: its options must be an object, not undefined | Write app({port: …}).'],
  );
  t.deepEqual(
    faultsOf(() => site(loose(null))),
    ['role site: its options must be an object, not null | Write site().'],
  );
});

test('options of a play and a playbook are checked', (t) => {
  t.deepEqual(
    [
      () => play('web', loose<PlayOptions>({host: 'web'}), []),
      () => play('web', loose<PlayOptions>({hosts: ['web']}), []),
      () => play('web', loose<PlayOptions>({hosts: 'web', needs: 'database', serial: {}}), []),
      () => play('web', loose<PlayOptions>('web'), []),
      () => play(loose(undefined), {hosts: 'web'}, []),
      () => playbook('site', loose<PlaybookOptions>({tag: ['a']}), []),
      () => playbook('site', loose<PlaybookOptions>({tags: 'a'}), []),
    ].flatMap(faultsOf),
    [
      'play "web": there is no option "host" | Did you mean "hosts"?',
      'play "web": the option "hosts" is missing | Write hosts: \'web\'.',
      'play "web": the option "hosts" must be text, not a list | Write hosts: \'web\'.',
      'play "web": the option "needs" must be a list, not text | Put it in brackets: […].',
      'play "web": the option "serial" must be a number of hosts or \'NN%\' or a list, not an object | Write serial: 1.',
      'play "web": its options must be an object, not text | Write them as {hosts: \'web\'}.',
      'play: the option "name" is missing | It must be text.',
      'playbook: there is no option "tag" | Did you mean "tags"?',
      'playbook: the option "tags" must be a list, not text | Put it in brackets: […].',
    ],
  );
});

const SUCH_AS = "Write a task or a role, such as apt('nginx') or nginx().";

test('what stands in a play and is neither task nor role is named with what to do', (t) => {
  const task = note({text: 'a'});
  const inPlay = (items: unknown) => faultsOf(() => play('web', {hosts: 'web'}, loose<Items>(items)));
  t.deepEqual(inPlay([task, role({port: 1}), () => [], [[task]], listens({tcp: 80, from: 'any', because: 'x'})]), []);
  t.deepEqual(
    inPlay([task, 'nginx', [false, undefined], Promise.resolve(task), handler, play('x', {hosts: 'x'}, [])]),
    [
      `play "web": item 2 is text, which is neither a task nor a role | ${SUCH_AS}`,
      'play "web": item 3.1 is false, which is neither a task nor a role | Write ...(condition ? [task] : []).',
      'play "web": item 3.2 is undefined, which is neither a task nor a role | Write ...(condition ? [task] : []).',
      'play "web": item 4 is a promise, which is neither a task nor a role | Add await before it.',
      'play "web": item 5 is a handler, which is neither a task nor a role | A task names its handlers: notify: reload(…).',
      'play "web": item 6 is a play, which is neither a task nor a role | Put the play next to other plays, not into one.',
    ],
  );
  const fakes = [{listens: 1}, {compile: 1}, {open: 'x'}];
  t.deepEqual(
    inPlay(fakes),
    fakes.map(
      (_, index) => `play "web": item ${index + 1} is an object, which is neither a task nor a role | ${SUCH_AS}`,
    ),
  );
  t.regex(String(inPlay(Array(1))), /item 1 is undefined/);
  t.deepEqual(inPlay(task), [
    'play "web": there must be a list of tasks and roles, not a task | Put it in brackets: […].',
  ]);
});

test('what a role gives is checked when it meets a host', (t) => {
  const wrong = defineRole('wrong', z.object({}), () => loose('a'));
  t.deepEqual(
    faultsOf(() => wrong({}).compile(loose({}))),
    ['role wrong: there must be a list of tasks and roles, not text | Put them in brackets: […].'],
  );
});

test('a role may give a single task, role or declaration', (t) => {
  const given = [note({text: 'a'}), role({port: 1}), () => [], listens({tcp: 80, from: 'any', because: 'x'})[0]];
  for (const each of given) {
    const single = defineRole('single', z.object({}), () => loose<Task>(each));
    t.deepEqual(single().compile(loose({})), [loose<Task>(each)]);
  }
  const several = defineRole('several', z.object({}), () => [note({text: 'a'}), note({text: 'b'})]);
  t.is(several().compile(loose({})).length, 2);
});

test('what is listened to is checked', (t) => {
  t.deepEqual(
    [
      {tpc: 80, from: 'any', because: 'x'},
      {tcp: '80', from: 'any', because: 'x'},
      {tcp: 80, from: 'everybody', because: 'x'},
      {tcp: 80, from: {groups: 'web'}, because: 'x'},
      {tcp: 80, from: [{group: 'web'}]},
    ].flatMap((spec) => faultsOf(() => listens(loose(spec)))),
    [
      'listens: there is no option "tpc" | Did you mean "tcp"?',
      'listens: the option "tcp" must be a number or a list, not text | Write it without quotes.',
      `listens: the option "from" must be ${AUDIENCE} or a list, not text | Write from: {group: 'lb'}.`,
      `listens: the option "from" must be ${AUDIENCE} or a list, not an object | Write from: {group: 'lb'}.`,
      'listens: the option "because" is missing | Write because: \'clients\'.',
    ],
  );
});

const AUDIENCE = "'any', {group: 'web'}, {host: 'web1'} or {network: '10.0.0.0/8'}";
