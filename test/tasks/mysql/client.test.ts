import test from 'ava';
import fc from 'fast-check';
import {Unknown, UnreadableReply} from '../../../src/model/index.js';
import {Secret} from '../../../src/shell/index.js';
import {
  account,
  askServer,
  COLUMNS,
  fromHex,
  identifier,
  literal,
  parseMembers,
  parseRows,
  readServer,
  runStatements,
  secretLiteral,
  serverOf,
} from '../../../src/tasks/mysql/client.js';
import {clientHost} from './client-host.js';

const reply = (stdout: string, stderr = '', code = 0) => ({code, stdout, stderr, truncated: false});

const texts = fc.string({unit: fc.constantFrom("'", '\\', '`', '"', '%', '\n', 'a', 'ß', '😀', ';', '--')});

test('any text is one string literal, from which a server reads that text', (t) => {
  fc.assert(
    fc.property(texts, (text) => {
      const sql = literal(text);
      t.regex(sql, /^'(?:[^'\\]|''|\\\\)*'$/);
      t.is(
        sql.slice(1, -1).replace(/''|\\\\/g, (pair) => pair.slice(1)),
        text,
      );
    }),
  );
});

test('any name is one quoted identifier', (t) => {
  fc.assert(
    fc.property(texts, (name) => {
      const sql = identifier(name);
      t.regex(sql, /^`(?:[^`]|``)*`$/);
      t.is(sql.slice(1, -1).replaceAll('``', '`'), name);
    }),
  );
});

test('an account is a name and a host, each in quotes', (t) => t.is(account("o'b", '10.%'), "'o''b'@'10.%'"));

test('a literal of a secret is a secret', (t) => {
  const sql = secretLiteral(new Secret("it's"));
  t.is(String(sql), '(sensitive)');
  t.is(sql.reveal(), "'it''s'");
});

test('fields that the client escaped are read as they were', (t) => {
  const escaped = (field: string) =>
    field.replace(/[\\\n\t\0]/g, (mark) => `\\${{'\\': '\\', '\n': 'n', '\t': 't', '\0': '0'}[mark]}`);
  const field = fc.string({minLength: 1, unit: fc.constantFrom('\\', '\n', '\t', '\0', 'n', 't', '0', 'é')});
  fc.assert(
    fc.property(fc.array(fc.array(field, {minLength: 1})), (rows) => {
      t.deepEqual(parseRows(rows.map((row) => `${row.map(escaped).join('\t')}\n`).join('')), rows);
    }),
  );
});

test('empty fields are kept, and empty lines are not rows', (t) => {
  t.deepEqual(parseRows('\na\t\tb\n\n\tc'), [
    ['a', '', 'b'],
    ['', 'c'],
  ]);
  t.deepEqual(parseRows(''), []);
});

test('what was sent as hexadecimal digits comes back as text, and nothing else is taken', (t) => {
  for (const text of ['', 'a', 'ß\n\0', "'%"]) {
    t.is(fromHex(Buffer.from(text).toString('hex')), text);
    t.is(fromHex(Buffer.from(text).toString('hex').toUpperCase()), text);
  }
  for (const odd of [undefined, 'abc', 'NULL', '0x61', '61 62', '6g'])
    t.throws(() => fromHex(odd), {instanceOf: UnreadableReply, message: 'the database answers no hexadecimal digits'});
});

test('of JSON, only an object is taken', (t) => {
  t.deepEqual(parseMembers('{"a": [1]}'), {a: [1]});
  for (const json of ['[]', 'null', '"a"', '1'])
    t.throws(() => parseMembers(json), {instanceOf: UnreadableReply, message: /JSON that is not an object$/});
  for (const json of ['', '{"a":', 'NULL'])
    t.throws(() => parseMembers(json), {instanceOf: UnreadableReply, message: /JSON that cannot be read$/});
});

test('the server that answered is known by its version, in rows and in columns', (t) => {
  t.deepEqual(readServer(reply('server\t11.8.6-MariaDB-0+deb13u1 from Debian\n')), {
    family: 'mariadb',
    version: '11.8.6-MariaDB-0+deb13u1 from Debian',
  });
  t.deepEqual(readServer(reply('*** 1. row ***\n    server: 9.7.4\n   datadir: /x\n')), {
    family: 'mysql',
    version: '9.7.4',
  });
  t.deepEqual(readServer(reply('GRANT USAGE\nserver\t8.4.0\n')), {family: 'mysql', version: '8.4.0'});
});

const NO_SERVER: readonly [string, string, string, number][] = [
  ['neither MariaDB nor MySQL is installed', 'no client\n', '', 0],
  ['the database server is not running', '', "ERROR 2002 (HY000): Can't connect to local server through socket", 1],
  ['the database server is not running', '', 'mariadb: warning\nERROR 2002 (HY000): no\nERROR 1045: x\n', 1],
];

for (const [because, stdout, stderr, code] of NO_SERVER)
  test(`without a server the state is unknown, and a known server is required elsewhere: ${because} (${stderr.length})`, (t) => {
    const found = readServer(reply(stdout, stderr, code));
    t.true(found instanceof Unknown && found.because === because);
    t.throws(() => serverOf(reply(stdout, stderr, code)), {instanceOf: UnreadableReply, message: because});
  });

test('an error of the server is shown, unless the probe expects it', (t) => {
  const refused = reply('server\t9.7.4\n', 'ERROR 1141 (42000) at line 4: There is no such grant\n', 1);
  t.throws(() => readServer(refused), {
    instanceOf: UnreadableReply,
    message: 'the database server refuses: ERROR 1141 (42000) at line 4: There is no such grant',
  });
  t.deepEqual(readServer(refused, [1141]), {family: 'mysql', version: '9.7.4'});
  const both = {...refused, stderr: `${refused.stderr}ERROR 1227 (42000): Access denied\n`};
  t.throws(() => readServer(both, [1141]), {message: /refuses: ERROR 1227/});
});

test('a client that was killed has printed only a part, so nothing is concluded from it', (t) => {
  t.throws(() => readServer(reply('server\t9.7.4\n', 'Killed', 137)), {
    instanceOf: UnreadableReply,
    message: 'the database client ended with exit code 137: Killed',
  });
  t.throws(() => readServer(reply('server\t9.7.4\n', '', 1)), {message: /ended with exit code 1: $/});
  t.throws(() => readServer(reply('', 'mysql: unknown option', 0)), {
    message: 'the database client answers: mysql: unknown option',
  });
});

test('each family is asked with its own SQL, and MariaDB without TLS over its own socket', (t) => {
  const print = 'echo "$0 $*" | sed "s,.*/,,"; cat; echo';
  const question = askServer({mariadb: 'SELECT 1;', mysql: 'SELECT 2;'});
  t.is(
    clientHost(t, {mariadb: print}).run(question).stdout,
    "mariadb --batch --skip-column-names --skip-ssl --default-character-set=utf8mb4\nSET SESSION sql_mode='';\nSELECT 1;\n",
  );
  t.is(
    clientHost(t, {mysql: print}).run(question).stdout,
    "mysql --batch --skip-column-names --default-character-set=utf8mb4\nSET SESSION sql_mode='';\nSELECT 2;\n",
  );
  const both = clientHost(t, {mysql: print, mariadb: print});
  t.regex(both.run(askServer({mariadb: 'a', mysql: 'b'}, COLUMNS)).stdout, /^mariadb --vertical --skip-ssl/);
});

test('where no client is installed, the answer says so', (t) => {
  t.deepEqual(clientHost(t, {}).run(askServer({mariadb: '', mysql: ''})), reply('no client\n'));
});

test('statements reach the client as they are, and people see them without secrets', (t) => {
  const clear = "it's $HOME `id` \\ %s\n";
  const command = runStatements('mysql', ['SET PASSWORD = ', secretLiteral(new Secret(clear)), ';\n']);
  t.is(String(command), 'mysql: SET PASSWORD = (sensitive);');
  t.is(
    clientHost(t, {mysql: 'cat'}).run(command).stdout,
    `SET SESSION sql_mode='';\nSET PASSWORD = ${literal(clear)};\n`,
  );
});

test('statements that fail give the exit code of the client', (t) => {
  const {code, stderr} = clientHost(t, {mysql: 'cat >/dev/null; echo "ERROR 1" >&2; exit 3'}).run(
    runStatements('mysql', ['x']),
  );
  t.deepEqual([code, stderr], [3, 'ERROR 1\n']);
});
