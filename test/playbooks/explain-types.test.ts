import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import * as infra from '../../src/index.js';
import {explainTypes} from '../../src/playbooks/explain-types.js';
import {checkTypes} from '../../src/playbooks/index.js';

const EXPORTED = {nginx: true, playbook: true, service: true};

/** Message and hint for what the compiler says. */
function explained(message: string, file = '/nowhere/site.ts') {
  const [fault] = explainTypes([{message, at: {file, line: 1, column: 1}}], EXPORTED);
  return [fault?.message, fault?.hint];
}

test('a name that was not imported comes with its import', (t) => {
  t.deepEqual(explained("Cannot find name 'nginx'. (TS2304)"), [
    '"nginx" is not imported (TS2304)',
    "Add it to the import: import {nginx} from 'infra'",
  ]);
  t.is(explained("Cannot find name 'servce'. (TS2304)")[1], 'Did you mean "service"?');
});

test('an option that does not exist is reported as such, with the nearest', (t) => {
  const literal = 'Object literal may only specify known properties';
  t.deepEqual(
    explained(`${literal}, but 'nam' does not exist in type 'ServiceSpec'. Did you mean to write 'name'? (TS2561)`),
    ['there is no option "nam" here (TS2561)', 'Did you mean "name"?'],
  );
  const type =
    '{ name?: string | undefined; tls?: { names?: string[]; } | undefined; ... 8 more ...; ipv6?: boolean; }';
  t.deepEqual(explained(`${literal}, and 'tsl' does not exist in type '${type}'. (TS2353)`), [
    'there is no option "tsl" here (TS2353)',
    'Did you mean "tls"?',
  ]);
});

test("another tool's name of an option comes with ours", (t) => {
  const literal = 'Object literal may only specify known properties';
  const hintFor = (text: string) => explained(`${literal}, ${text}`)[1];
  t.is(
    hintFor("and 'name' does not exist in type 'readonly string[] | (AptSpec & TaskOptions)'. (TS2353)"),
    "Write packages: 'nginx'.",
  );
  t.is(
    hintFor("but 'text' does not exist in type 'FileSpec & TaskOptions'. Did you mean to write 'test'? (TS2561)"),
    "Write content: 'text'.",
  );
  t.is(hintFor("and 'src' does not exist in type 'TaskOptions'. (TS2353)"), undefined);
});

test('an option that is missing, a task without brackets, a number without quotes', (t) => {
  const missing =
    "Argument of type '{}' is not assignable to parameter of type 'S'.\n  Property 'name' is missing in type '{}' but required in type 'S'. (TS2345)";
  t.is(explained(missing)[0], 'the option "name" is missing (TS2345)');
  const bare =
    "Argument of type 'Task' is not assignable to parameter of type 'Items'.\n  Type 'Task' is missing the following properties (TS2345)";
  t.deepEqual(explained(bare), ['a play takes a list of tasks and roles (TS2345)', 'Put them in brackets: […].']);
  t.is(explained("Type 'number' is not assignable to type 'string'. (TS2322)")[1], 'Put it in quotes.');
});

test('a package or file that is not there comes with what to import or install', (t) => {
  const module = (name: string, file?: string) =>
    explained(`Cannot find module '${name}' or its corresponding type declarations. (TS2307)`, file);
  t.is(module('infr')[1], "Import everything from 'infra'.");
  t.is(module('infra/roles')[1], "Import everything from 'infra'.");
  t.deepEqual(module('lodash'), ['there is no package "lodash" (TS2307)', 'Install it: npm install lodash']);
  const directory = mkdtempSync(join(tmpdir(), 'infra-test-'));
  writeFileSync(join(directory, 'stack.ts'), '');
  t.deepEqual(module('./stak.js', join(directory, 'site.ts')), [
    'there is no file "./stak.js" next to this one (TS2307)',
    'Did you mean "./stack.js"?',
  ]);
  t.is(
    explained(`'"infra"' has no exported member named 'playbok'. Did you mean 'playbook'? (TS2724)`)[1],
    'Did you mean "playbook"?',
  );
});

test('what is not known stays as the compiler says it', (t) => {
  t.deepEqual(explained("',' expected. (TS1005)"), ["',' expected. (TS1005)", undefined]);
});

test('each wrong line of a play says what is wrong, at its column, with the next step', async (t) => {
  const cases = casesIn('types.txt');
  const lines = cases.map(({line}) => `${line},`);
  const text = [`import {${EVERYTHING}} from 'infra';`, "export default play('p', {hosts: 'web'}, [", ...lines, ']);'];
  t.deepEqual(
    await faultsOf(t, text.join('\n')),
    cases.map(({column, message, hint}, index) => [`${index + 3}:${column}`, message, hint]),
  );
  t.true(cases.length >= 100, `${cases.length} cases`);
});

test('each wrong line about a play or a playbook says what is wrong, with the next step', async (t) => {
  const cases = casesIn('plays.txt');
  const lines = cases.map(({line}, index) => `export const a${index} =\n${line};`);
  t.deepEqual(
    await faultsOf(t, [`import {${EVERYTHING}} from 'infra';`, ...lines].join('\n')),
    cases.map(({column, message, hint}, index) => [`${index * 2 + 3}:${column}`, message, hint]),
  );
});

/** What `infra` exports and is not a type. */
const EVERYTHING = Object.keys(infra).join(', ');

/** The cases of a file: a wrong line, then column and message, then hint. */
function casesIn(file: string) {
  const blocks = readFileSync(join('test/playbooks/wrong-lines', file), 'utf8').trim().split('\n\n');
  return blocks.map((block) => {
    const [line = '', said = '', hint] = block.split('\n');
    const [, column, message] = /^(\d+): (.*)$/.exec(said) ?? [];
    return {line, column, message, hint};
  });
}

/** Place, message and hint of everything that the compiler finds wrong with a playbook. */
async function faultsOf(t: ExecutionContext, text: string) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-test-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  writeFileSync(join(directory, 'site.ts'), text);
  const {diagnostics, skipped} = await checkTypes(join(directory, 'site.ts'), join(directory, 'cache'));
  t.is(skipped, undefined);
  return diagnostics.map(({at, message, hint}) => [`${at?.line}:${at?.column}`, message, hint]);
}
