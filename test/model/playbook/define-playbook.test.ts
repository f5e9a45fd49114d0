import test from 'ava';
import {z} from 'zod';
import {play, playbook} from '../../../src/model/playbook/define-playbook.js';
import type {Play, PlaybookContext, PlaybookOptions, PlayOptions} from '../../../src/model/playbook/playbook.js';

/** As JavaScript has it: of no type. */
const loose = <T>(value: unknown): T => value as T;

const CONTEXT = loose<PlaybookContext>({inventory: {file: 'hosts.yml'}});

const domain = z.object({domain: z.string()});
const port = z.object({port: z.number()});

test('a play has its name, what it waits for, and the line that makes it', (t) => {
  const made = play('web', {hosts: 'web', tags: 'a', serial: 2}, []);
  t.like(made, {name: 'web', hosts: 'web', needs: [], tags: 'a', serial: 2, items: []});
  t.regex(made.at?.file ?? '', /define-playbook\.test\.ts$/);
  t.deepEqual(play('web', {hosts: 'web', needs: ['db']}, []).needs, ['db']);
});

test('the options of a playbook may be left out', async (t) => {
  const plays = [play('web', {hosts: 'web'}, [])];
  const short = playbook('site', plays);
  t.deepEqual([short.name, short.tags, await short.plays(CONTEXT)], ['site', undefined, plays]);
  const long = playbook('site', {tags: ['a']}, plays);
  t.deepEqual([long.name, long.tags, await long.plays(CONTEXT)], ['site', ['a'], plays]);
});

test('plays may be made by a function of the context, also later, and not before they are asked for', async (t) => {
  const made: string[] = [];
  const only = play('web', {hosts: 'web'}, []);
  const book = playbook('site', async ({inventory}) => {
    made.push(inventory.file);
    return [only];
  });
  t.deepEqual(made, []);
  t.deepEqual(await book.plays(CONTEXT), [only]);
  t.deepEqual(made, ['hosts.yml']);
});

test('the schema of a playbook is that of each play that has none of its own', async (t) => {
  const plays = [play('a', {hosts: 'a'}, []), play('b', {hosts: 'b', vars: port}, [])];
  const found = await playbook('site', {vars: domain}, plays).plays(CONTEXT);
  t.deepEqual(
    found.map(({vars}) => vars),
    [domain, port],
  );
  t.is(plays[0]?.vars, undefined);
});

test('what is not a list of plays stays what it is, for the loader to refuse', async (t) => {
  const book = playbook('site', {vars: domain}, () => loose([]));
  t.deepEqual(await book.plays(CONTEXT), []);
  const wrong = playbook('site', {vars: domain}, () => loose({web: 1}));
  t.deepEqual(await wrong.plays(CONTEXT), loose({web: 1}));
});

test('options behind the plays are refused with an example', (t) => {
  for (const plays of [[], () => []]) {
    const error = t.throws(() => playbook('site', loose<PlaybookOptions>(plays), loose<Play[]>({tags: ['a']})), {
      name: 'InputError',
      message: 'the options of a playbook must be before its plays',
    });
    t.like(error, {diagnostics: [{hint: "Write playbook('site', {tags: ['web']}, [play(…)])."}]});
  }
});

test('a schema must be one', (t) => {
  const error = t.throws(() => playbook('site', loose<PlaybookOptions>({vars: {domain: 'x'}}), []), {
    name: 'InputError',
  });
  t.is(error.message, 'playbook: the option "vars" must be a schema, not an object');
  t.throws(() => play('web', loose<PlayOptions>({hosts: 'web', vars: () => true}), []), {name: 'InputError'});
});
