import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import test from 'ava';
import {visible} from '../../src/model/index.js';
import {makeMask} from '../../src/secrets/mask.js';

function masking(...clear: readonly string[]) {
  const {add, mask} = makeMask();
  for (const each of clear) add(each);
  return mask;
}

const VALUE = `a'b"c $d&\\e/f+g=<h>,%i:é`;

/** The same value as others write it. */
const WRITTEN: Readonly<Record<string, string>> = {
  'as it is': VALUE,
  'in a shell word': `'${VALUE.replaceAll("'", "'\\''")}'`,
  'in double quotes of a shell': VALUE.replaceAll(/["$\\]/g, '\\$&'),
  'as printf %q writes it': VALUE.replaceAll(/['" $&\\<>]/g, '\\$&'),
  'in JSON': JSON.stringify(VALUE),
  'in JSON in JSON': JSON.stringify(JSON.stringify(VALUE)),
  'in JSON of ASCII': JSON.stringify(VALUE).replaceAll('é', '\\u00e9').replaceAll('<', '\\u003C'),
  'in YAML, single quotes': `'${VALUE.replaceAll("'", "''")}'`,
  'in SQL': `'${VALUE.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  'in a URL': encodeURIComponent(VALUE),
  'in a form': new URLSearchParams({p: VALUE}).toString(),
  'in HTML': VALUE.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;'),
  'in Markdown': VALUE.replaceAll(/[^A-Za-z0-9 ./-]/g, (each) => `&#${each.codePointAt(0)};`),
  'broken over lines': VALUE.replace(' ', '\n      '),
  'in base64': Buffer.from(VALUE).toString('base64'),
  'in base64 by echo': Buffer.from(`${VALUE}\n`).toString('base64'),
  'in base64 for URLs': Buffer.from(VALUE).toString('base64url'),
};

test('a value is hidden however it is quoted', (t) => {
  const mask = masking(VALUE);
  for (const [how, written] of Object.entries(WRITTEN)) {
    const masked = mask(`before ${written} after`);
    t.regex(masked, /^before \S*\(sensitive\)\S* after$/, how);
    t.true(masked.length < 45, `${how}: ${masked}`);
  }
});

test('it is hidden in base64 of a longer text, wherever it begins in it', (t) => {
  const mask = masking('hunter2hunter2');
  for (const user of ['', 'a', 'ab', 'abc', 'admin:']) {
    const basic = Buffer.from(`${user}hunter2hunter2/path`).toString('base64');
    const [, before = '', after = ''] = /^Basic (\w*)\(sensitive\)(\w*)=*$/.exec(mask(`Basic ${basic}`)) ?? ['', basic];
    t.true(before.length + after.length < basic.length - 14, basic);
  }
});

const PEM = `-----BEGIN PRIVATE KEY-----
${'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg'.padEnd(64, 'x')}
${'hRANCAAQabcdefghijklmnopqrstuvwxyz'.padEnd(64, 'y')}
Zg==
-----END PRIVATE KEY-----
`;

test('each line of a key in PEM is hidden by itself, and its frame is not', (t) => {
  const lines = masking(PEM)(`key:\n  ${PEM.trimEnd().replaceAll('\n', '\n  | ')}`).split('\n');
  t.deepEqual(lines, [
    'key:',
    '  -----BEGIN PRIVATE KEY-----',
    '  | (sensitive)',
    '  | (sensitive)',
    '  | (sensitive)',
    '  | -----END PRIVATE KEY-----',
  ]);
  t.is(masking(PEM)(JSON.stringify({key: PEM})), '{"key":"(sensitive)"}');
  t.is(masking(PEM)(PEM), '(sensitive)');
});

test('a key in PEM is hidden in base64 that is broken into lines', (t) => {
  for (const width of [64, 76]) {
    const wrapped = Buffer.from(PEM)
      .toString('base64')
      .replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');
    t.deepEqual(
      [...new Set(masking(PEM)(wrapped).trim().split('\n'))].filter((line) => line.length > 16),
      [],
      `${width}`,
    );
  }
});

test('a secret that contains another one is hidden first, and other text stays as it is', (t) => {
  const mask = masking('abcd', 'abcd.efgh', 'with a break\n');
  t.is(mask('abcd.efgh abcd abcdxefgh'), '(sensitive) (sensitive) (sensitive)xefgh');
  t.is(mask('ABCD a.b.c.d\nwith a break, and'), 'ABCD a.b.c.d\n(sensitive), and');
  t.is(masking()('any text'), 'any text');
});

test('an empty text hides nothing', (t) => {
  t.is(masking('')('any text'), 'any text');
});

const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const double = (text: string) => `"${text.replaceAll(/["$\\`]/g, '\\$&')}"`;
const bytes = (text: string, form: (hex: string) => string) =>
  text.replaceAll(/[^A-Za-z0-9]/gu, (each) =>
    [...Buffer.from(each)].map((byte) => form(byte.toString(16).padStart(2, '0'))).join(''),
  );

/** Ways to write a text, each of which can be put into each other. */
const QUOTING: Readonly<Record<string, (text: string) => string>> = {
  shell,
  double,
  JSON: (text) => JSON.stringify(text),
  URL: encodeURIComponent,
  HTML: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  SQL: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  '\\x': (text) => bytes(text, (hex) => `\\x${hex}`),
  octal: (text) => bytes(text, (hex) => `\\${Number.parseInt(hex, 16).toString(8).padStart(3, '0')}`),
  visible: (text) => visible(text),
};

test('a value is hidden in quotes within quotes, to any depth', (t) => {
  const secret = `Zq7'b"c$d&\\e/f<h>,%i:é\tRw9`;
  const mask = masking(secret);
  const ways = Object.entries(QUOTING);
  for (const [outer, one] of ways)
    for (const [middle, two] of ways)
      for (const [inner, three] of ways) {
        const written = one(`x ${two(`y ${three(secret)} y`)} x`);
        t.notRegex(mask(written), /Zq7|Rw9/, `${outer} of ${middle} of ${inner}: ${written}`);
      }
  let deep = secret;
  for (let depth = 0; depth < 6; depth += 1) deep = shell(JSON.stringify(deep));
  t.regex(mask(`before ${deep} after`), /^before \S*\(sensitive\)\S* after$/);
});

test('a backslash or a quote before a value does not keep it from being hidden', (t) => {
  for (const secret of ['nhunter2', 'u00e9hunter2', 'x41hunter2', '041hunter2', '25hunter2', 'amp;hunter2'])
    for (const before of ['\\', '%', '&', '\\\\', '"\\'])
      t.false(masking(secret)(`a ${before}${secret} b`).includes('hunter2'), before + secret);
});

test('a value is hidden in hexadecimal, and so are its hashes that everybody can compute', (t) => {
  const mask = masking('hunter2hunter2');
  const of = (...commands: string[]) =>
    execFileSync('sh', ['-c', commands.join('|')], {encoding: 'utf8', input: 'hunter2hunter2'}).trim();
  const hex = Buffer.from('hunter2hunter2').toString('hex');
  t.is(mask(`0x${hex} ${hex.toUpperCase()}`), '0x(sensitive) (sensitive)');
  for (const tool of ['md5sum', 'sha1sum', 'sha256sum', 'sha512sum']) {
    t.is(mask(of(tool)), '(sensitive)  -', tool);
    t.is(mask(of('(cat; echo)', tool)), '(sensitive)  -', tool);
  }
  const sha1 = (text: string | Buffer) => createHash('sha1').update(text).digest();
  const native = `*${sha1(sha1('hunter2hunter2')).toString('hex').toUpperCase()}`;
  t.is(mask(`IDENTIFIED BY PASSWORD '${native}'`), "IDENTIFIED BY PASSWORD '*(sensitive)'");
  t.is(masking('password')('8846f7eaee8fb117ad06bdd830b7586c'), '(sensitive)', 'NTLM');
  t.is(mask(`{SHA}${sha1('hunter2hunter2').toString('base64')}`), '{SHA}(sensitive)=');
});

test('short lines of a secret of several lines are hidden where they stand as words', (t) => {
  const mask = masking('user: app\npass\nab\n{ "k": 1 }\n');
  t.is(mask('pass, passage, ab; user: app'), '(sensitive), passage, ab; (sensitive)');
});

test('fifty more secrets do not make masking slow', (t) => {
  const secrets = Array.from({length: 50}, (_, index) => createHash('sha256').update(`${index}`).digest('base64url'));
  const lines = Array.from(
    {length: 20_000},
    (_, index) => `Get:${index} http://deb.example.org/debian trixie/main amd64`,
  );
  const milliseconds = (mask: (text: string) => string) => {
    const began = process.cpuUsage().user;
    for (const line of lines) mask(line);
    return (process.cpuUsage().user - began) / 1000;
  };
  const [one, fifty] = [masking(...secrets.slice(0, 1)), masking(...secrets)];
  milliseconds(one);
  t.true(milliseconds(fifty) < 4 * milliseconds(one) + 100);
});

test('no text takes longer than its length allows', (t) => {
  const mask = masking(VALUE, 'abcd');
  for (const part of ['\\', '%25', '&amp;', '\\u', '\\x4', '\\1', "'", ' ', '+', 'abcd', 'a\'b"c ']) {
    const before = process.cpuUsage().user;
    mask(`abcd ${part.repeat(500_000 / part.length)} abcd`);
    // A second or less; in the square of the length it would be minutes.
    t.true(process.cpuUsage().user - before < 15_000_000, part);
  }
});
