import test from 'ava';
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

test('it is hidden in base64 of a longer text, wherever it begins there', (t) => {
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

test('what holds another goes first, and what is no secret stays as it is', (t) => {
  const mask = masking('abcd', 'abcd.efgh', 'with a break\n');
  t.is(mask('abcd.efgh abcd abcdxefgh'), '(sensitive) (sensitive) (sensitive)xefgh');
  t.is(mask('ABCD a.b.c.d\nwith a break, and'), 'ABCD a.b.c.d\n(sensitive), and');
  t.is(masking()('any text'), 'any text');
});

test('an empty text hides nothing', (t) => {
  t.is(masking('')('any text'), 'any text');
});
