import test from 'ava';
import {parseInventory} from '../../../src/inventory/index.js';
import {InputError, selectHosts} from '../../../src/model/index.js';

const inventory = parseInventory(
  `
lb: {hosts: {lb1: , lb2: }}
web: {hosts: {web1: , web2: , web3: }}
web_first: {hosts: {web1: , other: }}
db:
  children:
    primary: {hosts: {db1: }}
    replica: {hosts: {db2: , db3.example: }}
`,
  '/inventory.yml',
);

const select = (pattern: string) => selectHosts(inventory, pattern).map(({name}) => name);

const CASES: readonly (readonly [pattern: string, hosts: string])[] = [
  ['all', 'lb1 lb2 web1 web2 web3 other db1 db2 db3.example'],
  ['*', 'lb1 lb2 web1 web2 web3 other db1 db2 db3.example'],
  ['web', 'web1 web2 web3'],
  ['db', 'db1 db2 db3.example'],
  ['web2', 'web2'],
  ['web2,web1', 'web2 web1'],
  ['web2, lb', 'web2 lb1 lb2'],
  ['web:lb', 'web1 web2 web3 lb1 lb2'],
  ['web:!web2', 'web1 web3'],
  ['!web2:web', 'web1 web3'],
  ['web,&web_first', 'web1'],
  ['&web_first,web', 'web1'],
  ['web:lb:&web_first:!lb', 'web1'],
  ['!web', 'lb1 lb2 other db1 db2 db3.example'],
  ['&web', 'web1 web2 web3'],
  ['web*', 'web1 web2 web3 other'],
  ['web?', 'web1 web2 web3'],
  ['web[ac2-3]', 'web2 web3'],
  ['web[!12]', 'web3'],
  ['*.example', 'db3.example'],
  ['db3.example', 'db3.example'],
  ['~web[12]', 'web1 web2'],
  ['~(lb|db)\\d$', 'lb1 lb2 db1 db2'],
  ['web[0]', 'web1'],
  ['web[-1]', 'web3'],
  ['web[0:1]', 'web1 web2'],
  ['web[1:]', 'web2 web3'],
  ['web[0-1]', 'web1 web2'],
  ['web[12]', ''],
  ['web[0],lb[1]', 'web1 lb2'],
  ['web[1:]:!web3', 'web2'],
  ['nothing*', ''],
  ['WEB*', ''],
];

for (const [pattern, hosts] of CASES) {
  test(`the pattern "${pattern}" selects ${hosts === '' ? 'no hosts' : hosts}`, (t) => {
    t.is(select(pattern).join(' '), hosts);
  });
}

const FAULTS: readonly (readonly [pattern: string, message: string, hint: string])[] = [
  ['wbe', 'no group or host is named "wbe"', 'Did you mean "web"?'],
  ['web:!lb3', 'no group or host is named "lb3"', 'Did you mean "lb"?'],
  ['mail', 'no group or host is named "mail"', 'The groups are: all, lb, web, web_first, db, primary, replica.'],
  [
    'localhost',
    'no group or host is named "localhost"',
    'The groups are: all, lb, web, web_first, db, primary, replica.',
  ],
  [' ', 'the host pattern is empty', 'Write "all" for all hosts.'],
  ['~(', 'the host pattern "~(" is not a regular expression', 'Fix what follows the "~".'],
];

for (const [pattern, message, hint] of FAULTS) {
  test(`the pattern "${pattern}" is refused: ${message}`, (t) => {
    const at = {file: '/site.ts', line: 3, column: 5};
    const error = t.throws(() => selectHosts(inventory, pattern, at), {instanceOf: InputError});
    t.deepEqual(error?.diagnostics, [{message, at, hint, ...(message.includes('is named') && {isUnknownName: true})}]);
  });
}
