import test from 'ava';
import {
  checkDefinitions,
  compareDefinitions,
  definitionsQuery,
  parseDefinitions,
  withDefinitions,
} from '../../../src/database/check/definitions.js';
import type {CheckedServer} from '../../../src/database/check/sides.js';
import type {Command, Reply} from '../../../src/shell/index.js';

const reply = (stdout: string): Reply => ({stdout, stderr: '', code: 0, truncated: false});
const END = 'definitions-end\n';
const rows = (...lines: string[]) => lines.map((line) => `definition\t${line.replaceAll(' ', '\t')}\n`).join('') + END;

test('what only one side has and what differs is named, by kind', (t) => {
  const primary = parseDefinitions(
    reply(rows('view app.v 1', 'trigger app.t 2', "account 'a'@'%' 3", "account 'a'@'%' 4")),
  );
  const replica = parseDefinitions(
    reply(rows('view app.v 9', 'event app.e 2', "account 'a'@'%' 4", "account 'a'@'%' 3")),
  );
  t.deepEqual(compareDefinitions(primary, replica), [
    {table: 'event app.e', where: 'the primary does not have it'},
    {table: 'trigger app.t', where: 'the replica does not have it'},
    {table: 'view app.v', where: 'its definition differs'},
  ]);
});

test('an answer that ends before its end is not taken for one', (t) => {
  t.throws(() => parseDefinitions(reply('definition\tview\tapp.v\t1\n')), {message: /does not say what it has/});
});

test('passwords are compared by check sums, and never leave a server', (t) => {
  for (const family of ['mariadb', 'mysql'] as const) {
    const query = definitionsQuery(family);
    for (const line of query.split('\n'))
      t.regex(line, /^SELECT 'definition', .*, SHA2\(CONCAT_WS\(|^SELECT 'definitions-end';$/);
    t.regex(query, family === 'mariadb' ? /global_priv/ : /authentication_string/);
  }
});

/** A server that answers with these definitions, one after another. */
function server(name: string, ...answers: string[]): CheckedServer {
  let asked = 0;
  const ask = async (_: Command) => reply(`waited\t0\n${answers[Math.min(asked++, answers.length - 1)]}at\t0-1-5\n`);
  return {name, ask};
}

test('a definition that was just replicated is read again; one that stays different is a difference', async (t) => {
  const primary = server('db1', rows('view app.v 1'));
  const late = server('db2', END, rows('view app.v 1'));
  t.deepEqual(await checkDefinitions({family: 'mariadb', primary, replicas: [late]}), {
    definitions: 1,
    differences: [],
  });
  const lost = server('db2', END);
  const found = await checkDefinitions({family: 'mariadb', primary, replicas: [lost]});
  t.deepEqual(found.differences, [{replica: 'db2', table: 'view app.v', where: 'the replica does not have it'}]);
});

test('a replica that does not come to the transactions of the primary was not compared', async (t) => {
  const primary = server('db1', rows('view app.v 1'));
  const behind = {name: 'db2', ask: async () => reply('waited\t-1\n')};
  const found = await checkDefinitions({family: 'mariadb', primary, replicas: [behind]});
  const tables = {tables: 1, rows: 1, chunks: 1, differences: [], notCompared: []};
  t.deepEqual(withDefinitions(tables, found).notCompared, [
    {table: 'definitions', because: 'db2 does not execute 0-1-5 within 60 s', isUsual: false},
  ]);
});
