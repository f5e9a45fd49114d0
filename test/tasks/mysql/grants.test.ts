import test from 'ava';
import fc from 'fast-check';
import {UnreadableReply} from '../../../src/model/index.js';
import {
  collapseAll,
  type Grants,
  grantStatements,
  parseDesiredGrants,
  parseGrants,
  renderGrants,
} from '../../../src/tasks/mysql/grants.js';

const ACCOUNT = '`app`@`192.0.2.1`';

/** Grants as plain values, which can be compared and shown. */
const plain = (grants: Grants) => Object.fromEntries([...grants].map(([level, each]) => [level, [...each].sort()]));

const grantsOf = (levels: Readonly<Record<string, readonly string[]>>): Grants =>
  new Map(Object.entries(levels).map(([level, privileges]) => [level, new Set(privileges)]));

/** What MariaDB 11.8 and MySQL 9.7 answer to SHOW GRANTS, and what it means. */
const LINES: readonly [string, Readonly<Record<string, readonly string[]>>][] = [
  ["GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'", {}],
  [
    'GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` IDENTIFIED VIA unix_socket WITH GRANT OPTION',
    {
      '*.*': ['ALL PRIVILEGES', 'GRANT OPTION'],
    },
  ],
  ['GRANT SELECT, INSERT, CREATE VIEW ON `app`.* TO `app`@`%`', {'`app`.*': ['CREATE VIEW', 'INSERT', 'SELECT']}],
  [
    'GRANT SELECT (`a`, `b`), INSERT ON `app`.`t` TO `app`@`%`',
    {
      '`app`.`t`': ['INSERT', 'SELECT (`a`)', 'SELECT (`b`)'],
    },
  ],
  ['GRANT SELECT (`a on b`,`c`) ON `app`.`t` TO `app`@`%`', {'`app`.`t`': ['SELECT (`a on b`)', 'SELECT (`c`)']}],
  ['GRANT SELECT ON TABLE `app`.`t` TO `app`@`%`', {'`app`.`t`': ['SELECT']}],
  ['GRANT EXECUTE ON PROCEDURE `app`.`p` TO `app`@`%`', {'PROCEDURE `app`.`p`': ['EXECUTE']}],
  ['GRANT EXECUTE ON PACKAGE BODY `app`.`p` TO `app`@`%`', {'PACKAGE BODY `app`.`p`': ['EXECUTE']}],
  ["GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION", {"PROXY ON ''@'%'": ['PROXY']}],
  ['GRANT `reader`@`%`,`writer`@`%` TO `app`@`%`', {'': ['`reader`@`%`', '`writer`@`%`']}],
  ['GRANT `reader` TO `app`@`%` WITH ADMIN OPTION', {'': ['`reader`']}],
  ['GRANT BACKUP_ADMIN,CLONE_ADMIN ON *.* TO `app`@`%`', {'*.*': ['BACKUP_ADMIN', 'CLONE_ADMIN']}],
  ['GRANT SELECT ON `a``b`.* TO `app`@`%`', {'`a``b`.*': ['SELECT']}],
  ['GRANT USAGE ON `app`.* TO `app`@`%` WITH GRANT OPTION', {'`app`.*': ['GRANT OPTION']}],
  ['GRANT BINLOG MONITOR ON *.* TO `app`@`%`', {'*.*': ['REPLICATION CLIENT']}],
];

for (const [line, expected] of LINES)
  test(`the line is read: ${line.slice(0, 60)}`, (t) => t.deepEqual(plain(parseGrants([line])), expected));

test('the right to hand on privileges is a word of the statement, and not part of a name or a password', (t) => {
  const lines = [
    'GRANT SELECT ON `app`.* TO `WITH GRANT OPTION`@`%`',
    "GRANT SELECT ON `app`.* TO `a`@`%` IDENTIFIED BY PASSWORD ' WITH GRANT OPTION'",
    'GRANT SELECT ON `app`.* TO `GRANT OPTION`@`%` WITH MAX_QUERIES_PER_HOUR 5',
  ];
  for (const line of lines) t.deepEqual(plain(parseGrants([line])), {'`app`.*': ['SELECT']}, line);
  const both = 'GRANT SELECT ON `app`.* TO `a`@`%` WITH MAX_QUERIES_PER_HOUR 5 GRANT OPTION';
  t.deepEqual(plain(parseGrants([both])), {'`app`.*': ['GRANT OPTION', 'SELECT']});
});

test('lines about the same place come together', (t) => {
  const lines = ['GRANT SELECT ON *.* TO `a`@`%`', 'GRANT CLONE_ADMIN ON *.* TO `a`@`%`', 'GRANT `r`@`%` TO `a`@`%`'];
  t.deepEqual(plain(parseGrants(lines)), {'*.*': ['CLONE_ADMIN', 'SELECT'], '': ['`r`@`%`']});
});

test('a line that is not understood is an error, which shows no password hash', (t) => {
  const error = t.throws(() => parseGrants(["SET PASSWORD FOR 'a' = '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'"]), {
    instanceOf: UnreadableReply,
  });
  t.is(error?.message, "SHOW GRANTS answers an unknown line: SET PASSWORD FOR 'a'…");
  t.throws(() => parseGrants(['REVOKE SELECT ON `mysql`.* FROM `a`@`%`']), {instanceOf: UnreadableReply});
});

const WRITTEN: readonly [string, string, Readonly<Record<string, readonly string[]>>][] = [
  ['app.*', 'select', {'`app`.*': ['SELECT']}],
  ['app_1.*', 'SELECT', {'`app\\_1`.*': ['SELECT']}],
  ['`50%`.*', 'SELECT', {'`50\\%`.*': ['SELECT']}],
  ['app_1.orders', 'SELECT', {'`app_1`.`orders`': ['SELECT']}],
  ['`a.b`.`c``d`', 'SELECT', {'`a.b`.`c``d`': ['SELECT']}],
  ['app.t', 'update ( a , `b c` )', {'`app`.`t`': ['UPDATE (`a`)', 'UPDATE (`b c`)']}],
  ['app.t', 'SELECT (`a``b`)', {'`app`.`t`': ['SELECT (`a``b`)']}],
  ['*.*', '  create   user ', {'*.*': ['CREATE USER']}],
  ['*.*', 'all', {'*.*': ['ALL PRIVILEGES']}],
  ['*.*', 'replication replica', {'*.*': ['REPLICATION SLAVE']}],
  ['app.*', 'USAGE', {}],
];

for (const [place, privilege, expected] of WRITTEN)
  test(`a playbook may write ${privilege.trim()} on ${place}`, (t) =>
    t.deepEqual(plain(parseDesiredGrants({[place]: [privilege]})), expected));

test('a place or a privilege that cannot be is named', (t) => {
  const place = 'is not a place for privileges; write *.*, database.* or database.table';
  for (const written of ['app', '', '.t', 'app.', '`app.*'])
    t.throws(() => parseDesiredGrants({[written]: []}), {instanceOf: TypeError, message: `"${written}" ${place}`});
  for (const written of ['', 'SELECT;', 'SELECT (', 'SELECT ()', 'SELECT (a) (b)', 'DROP`'])
    t.throws(() => parseDesiredGrants({'app.*': [written]}), {message: `"${written}" is not a privilege`});
});

test('people see one line a place, sorted, and names in quotes only where they need them', (t) => {
  const grants = grantsOf({
    '`shop`.`t`': ['UPDATE (`b`)', 'SELECT'],
    '*.*': ['PROCESS'],
    '': ['`r`@`%`'],
    "PROXY ON ''@'%'": ['PROXY'],
    '`a b`.*': ['SELECT'],
  });
  t.deepEqual(renderGrants(grants), [
    'PROCESS ON *.*',
    "PROXY ON ''@'%'",
    'SELECT ON `a b`.*',
    'SELECT, UPDATE (`b`) ON shop.t',
    'roles `r`@`%`',
  ]);
});

test('an account with every global privilege of root has ALL, as MySQL does not say', (t) => {
  const root = grantsOf({'*.*': ['SELECT', 'INSERT', 'CLONE_ADMIN', 'GRANT OPTION']});
  const every = grantsOf({'*.*': ['CLONE_ADMIN', 'INSERT', 'SELECT'], '`app`.*': ['SELECT']});
  t.deepEqual(plain(collapseAll(every, root)), {'*.*': ['ALL PRIVILEGES'], '`app`.*': ['SELECT']});
  const option = grantsOf({'*.*': ['CLONE_ADMIN', 'INSERT', 'SELECT', 'GRANT OPTION']});
  t.deepEqual(plain(collapseAll(option, root)), {'*.*': ['ALL PRIVILEGES', 'GRANT OPTION']});
  const some = grantsOf({'*.*': ['INSERT', 'SELECT']});
  t.is(collapseAll(some, root), some);
  t.is(collapseAll(some, grantsOf({'*.*': ['ALL PRIVILEGES']})), some, 'MariaDB says ALL itself');
  t.is(collapseAll(some, grantsOf({})), some, 'nothing is known of root');
});

const NAMES = ['app', 'a_b', 'a`b', 'ä ö', 'a\\b', '50%', 'x-y', 'GRANT'];
const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
const places = fc.oneof(
  fc.constant('*.*'),
  fc.constantFrom(...NAMES).map((name) => `${quoted(name)}.*`),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom('t', 't`u', 'on to'))
    .map(([name, table]) => `${quoted(name)}.${quoted(table)}`),
);
const desiredGrants = fc
  .dictionary(
    places,
    fc
      .subarray(['ALL', 'SELECT', 'INSERT', 'CREATE VIEW', 'GRANT OPTION', 'UPDATE (`a`, `b ``c`)'])
      .map((words) =>
        words.includes('ALL') ? words.filter((each) => each === 'ALL' || each === 'GRANT OPTION') : words,
      ),
  )
  .map(parseDesiredGrants);

test('what a statement grants is read again as what was desired', (t) => {
  fc.assert(
    fc.property(desiredGrants, (desired) => {
      const lines = grantStatements(ACCOUNT, new Map(), desired).map((line) => line.replace(/;\n$/, ''));
      t.deepEqual(plain(parseGrants(lines)), plain(desired));
    }),
  );
});

test('from any privileges to any others, the statements lead there, and a second time there are none', (t) => {
  const extra = fc.constantFrom({}, {'': ['`r`@`%`', '`s`@`%`']}, {"PROXY ON ''@'%'": ['PROXY']});
  fc.assert(
    fc.property(desiredGrants, extra, desiredGrants, (had, other, desired) => {
      const present = new Map([...had, ...grantsOf(other)]);
      const statements = grantStatements(ACCOUNT, present, desired);
      t.deepEqual(plain(statements.reduce(execute, present)), plain(desired), statements.join(''));
      t.deepEqual(grantStatements(ACCOUNT, desired, desired), []);
    }),
  );
});

test('an application keeps what it has before and after, at every moment', (t) => {
  const present = parseDesiredGrants({'app.*': ['SELECT', 'INSERT'], 'old.*': ['SELECT']});
  const desired = parseDesiredGrants({'app.*': ['SELECT', 'DELETE'], 'new.*': ['SELECT']});
  let now: Grants = present;
  for (const statement of grantStatements(ACCOUNT, present, desired)) {
    now = execute(now, statement);
    t.true(now.get('`app`.*')?.has('SELECT'), statement);
  }
  t.deepEqual(grantStatements(ACCOUNT, present, desired), [
    `GRANT DELETE ON \`app\`.* TO ${ACCOUNT};\n`,
    `REVOKE INSERT ON \`app\`.* FROM ${ACCOUNT};\n`,
    `GRANT SELECT ON \`new\`.* TO ${ACCOUNT};\n`,
    `REVOKE SELECT ON \`old\`.* FROM ${ACCOUNT};\n`,
  ]);
});

test('the right to hand on global privileges ends with all of them, which then come back', (t) => {
  const present = grantsOf({'*.*': ['SELECT', 'CLONE_ADMIN', 'GRANT OPTION']});
  t.deepEqual(grantStatements('a', present, grantsOf({'*.*': ['SELECT', 'CLONE_ADMIN']})), [
    'REVOKE SELECT, CLONE_ADMIN, GRANT OPTION ON *.* FROM a;\n',
    'GRANT SELECT, CLONE_ADMIN ON *.* TO a;\n',
  ]);
  const local = grantsOf({'`app`.*': ['SELECT', 'GRANT OPTION']});
  t.deepEqual(grantStatements('a', local, grantsOf({'`app`.*': ['SELECT']})), [
    'REVOKE GRANT OPTION ON `app`.* FROM a;\n',
  ]);
});

/** What a server makes of one statement. It refuses to take a single privilege out of ALL, and what is not there. */
function execute(grants: Grants, statement: string): Grants {
  const [, verb, list = '', level = '', option] =
    /^(GRANT|REVOKE) (.*?) ON (.*) (?:TO|FROM) `app`@`192\.0\.2\.1`( WITH GRANT OPTION)?;\n$/s.exec(
      statement
        .replace(/^REVOKE (`.*?`@`%`) FROM/, 'REVOKE $1 ON  FROM')
        .replace(/^REVOKE PROXY (ON .*) FROM/, 'REVOKE PROXY ON PROXY $1 FROM'),
    ) ?? [];
  const privileges = [...list.matchAll(/(`r`@`%`|`s`@`%`|[A-Z_ ]*[A-Z](?: \(`(?:[^`]|``)*`\))?)/g)].map(([each]) =>
    each.trim(),
  );
  if (verb === undefined || privileges.length === 0) throw new Error(`not a statement: ${statement}`);
  const old = grants.get(level) ?? new Set();
  const all = privileges.includes('ALL PRIVILEGES');
  const keep = (each: string) => each === 'GRANT OPTION';
  if (verb === 'REVOKE') {
    if (all && privileges.length > 1) throw new Error(`ALL PRIVILEGES stands alone: ${statement}`);
    const missing = privileges.filter((each) => !old.has(each));
    if (missing.length > 0) throw new Error(`no such grant: ${missing} in ${statement}`);
    const left = [...old].filter((each) => (all ? keep(each) : !privileges.includes(each)));
    return new Map([
      ...[...grants].filter(([each]) => each !== level),
      ...(left.length > 0 ? [[level, new Set(left)] as const] : []),
    ]);
  }
  const base = all ? [...old].filter(keep) : [...old];
  const added = privileges.filter((each) => each !== 'USAGE' && !(old.has('ALL PRIVILEGES') && !keep(each)));
  return new Map([...grants, [level, new Set([...base, ...added, ...(option ? ['GRANT OPTION'] : [])])]]);
}
