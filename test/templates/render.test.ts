import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import test from 'ava';
import {type Diagnostic, InputError} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';
import {renderTemplate} from '../../src/templates/index.js';

const root = mkdtempSync(join(tmpdir(), 'infra-templates-'));
test.after.always(() => rmSync(root, {recursive: true}));

let made = 0;

/** Directories holding these files. */
function directories(...contents: Record<string, string>[]): string[] {
  return contents.map((files) => {
    const directory = join(root, String(made++));
    for (const [name, text] of Object.entries({'.keep': '', ...files})) {
      mkdirSync(dirname(join(directory, name)), {recursive: true});
      writeFileSync(join(directory, name), text);
    }
    return directory;
  });
}

function render(template: string, vars: Record<string, unknown> = {}) {
  return renderTemplate({source: 'a.ejs', directories: directories({'a.ejs': template}), vars});
}

function fault(template: string, vars: Record<string, unknown> = {}): Diagnostic {
  try {
    render(template, vars);
  } catch (error) {
    if (error instanceof InputError && error.diagnostics[0]) return error.diagnostics[0];
    throw error;
  }
  throw new Error('the template was rendered');
}

test('variables print by name, unescaped, and newlines stay as written', (t) => {
  const {text, sensitive} = render(
    'a <%= host.name %> <%- and %>\n<% for (const p of ports) { -%>\n- <%= p %>\n<% } -%>\n',
    {
      host: {name: 'web1'},
      and: '& < "',
      ports: [80, 443],
    },
  );
  t.is(text, 'a web1 & < "\n- 80\n- 443\n');
  t.false(sensitive);
});

test('a variable whose name is not an identifier is reached through vars', (t) => {
  t.is(render("<%= vars['my-name'] + vars.default %>", {'my-name': 1, default: 2}).text, '3');
});

test('an unknown variable is named with template, line, column, excerpt and the nearest name', (t) => {
  const {at, ...rest} = fault('one\ntwo\n  x <%= hots.name %>\n', {host: {name: 'a'}});
  t.deepEqual(rest, {
    message: 'unknown variable "hots"',
    excerpt: '  x <%= hots.name %>',
    hint: 'Did you mean "host"?',
  });
  t.deepEqual([at?.line, at?.column], [3, 9]);
  t.true(at?.file.endsWith('/a.ejs'));
});

test('an unknown variable with no near name lists what is known', (t) => {
  t.is(fault('<%= password %>', {host: 1, port: 2}).hint, 'Known here: host, port.');
});

for (const [value, message] of [
  [undefined, '"a.b" is undefined'],
  [null, '"a.b" is null'],
  [Number.NaN, '"a.b" is not a number (NaN)'],
  [{}, '"a.b" is an object; print its parts'],
] as const) {
  test(`printing ${value} is an error, in either tag`, (t) => {
    t.is(fault('\n<%= a.b %>', {a: {b: value}}).message, message);
    t.is(fault('\n<%- a.b %>', {a: {b: value}}).at?.line, 2);
  });
}

test('a secret prints in clear and makes the text sensitive', (t) => {
  const {text, sensitive} = render('password = <%= password %>\n', {password: new Secret('s3cret')});
  t.is(text, 'password = s3cret\n');
  t.true(sensitive);
});

test('the places of secrets in the text are reported, unless it may have been changed', (t) => {
  const password = new Secret('s3cret');
  t.deepEqual(render('password = <%= password %>\n', {password}).secretParts, [[11, 17]]);
  t.is(render('<%= password.reveal().toUpperCase() %> <%= password %>', {password}).secretParts, undefined);
  const directory = directories({'a.ejs': "<%- include('b').toUpperCase() %>", 'b.ejs': '<%= password %>'});
  const changed = renderTemplate({source: 'a', directories: directory, vars: {password}});
  t.is(changed.secretParts, undefined);
  t.true(changed.sensitive);
});

test('a secret joined to other text is an error, not a mask in the file', (t) => {
  t.regex(fault("<%= 'x' + password %>", {password: new Secret('s3cret')}).message, /secret joined to other text/);
});

test('an unused secret makes nothing sensitive', (t) => {
  t.false(render('x', {password: new Secret('s3cret')}).sensitive);
});

test('the first directory wins, and partials are looked up the same way', (t) => {
  const [user = '', own = ''] = directories(
    {'x/part.ejs': 'mine <%= n %>'},
    {
      'x/a.ejs': "<%- include('x/part', {n: 1}) %> <%- include('./rest.ejs') %>",
      'x/part.ejs': 'theirs',
      'x/rest.ejs': 'rest',
    },
  );
  const {text, file} = renderTemplate({source: 'x/a.ejs', directories: [user, own]});
  t.is(text, 'mine 1 rest');
  t.is(file, join(own, 'x/a.ejs'));
});

test('a fault in a partial names the partial', (t) => {
  const [directory = ''] = directories({'a.ejs': "\n<%- include('b') %>", 'b.ejs': '\n\n<%= nope %>'});
  const error = t.throws(() => renderTemplate({source: 'a', directories: [directory]}), {instanceOf: InputError});
  t.is(error.diagnostics[0]?.at?.file, join(directory, 'b.ejs'));
  t.is(error.diagnostics[0]?.at?.line, 3);
});

test('a template that is not there lists the directories and the nearest name', (t) => {
  const error = t.throws(
    () => renderTemplate({source: 'web/site.conf', directories: directories({}, {'web/size.conf': ''})}),
    {
      instanceOf: InputError,
    },
  );
  t.regex(error.message, /^no file "web\/site.conf" in .+\/ or .+\/$/);
  t.is(error.diagnostics[0]?.hint, 'Did you mean "web/size.conf"?');
});

test('for a template that is like no other, the hint says where to put it', (t) => {
  const [own = ''] = directories({});
  const error = t.throws(() => renderTemplate({source: 'motd.ejs', directories: [own]}), {instanceOf: InputError});
  t.is(error.diagnostics[0]?.hint, `Put it here: ${relative('', join(own, 'motd.ejs'))}`);
});

test('a syntax error names its line', (t) => {
  const {message, at} = fault('a\nb\n<% if (x { %>\nc\n<% } %>\n', {x: 1});
  t.is(message, "Unexpected token '{' in the code of this tag");
  t.is(at?.line, 3);
});

test('a tag that is not closed names its line', (t) => {
  t.like(fault('a\n<%= 1 %>\n<%= host \nc\n'), {
    message: 'this tag is not closed',
    hint: 'Close it with %>.',
    at: {line: 3},
  });
});

test('a name that means something else in templates is refused', (t) => {
  t.is(fault('', {include: 1}).hint, 'Rename it.');
});
