import {readFileSync} from 'node:fs';
import test from 'ava';
import {BASELINE_RULES} from '../../src/roles/index.js';
import {SSHD_RULES} from '../../src/roles/sshd/rules.js';

const docs = readFileSync('docs/hardening.md', 'utf8');

test('the documentation lists every rule, and no other', (t) => {
  const listed = docs.slice(0, docs.indexOf('\n## dev-sec')).matchAll(/^\| (`[^|]+`) \|/gm);
  const names = [...listed].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
  t.deepEqual(names.sort(), [...BASELINE_RULES, ...SSHD_RULES].map(({name}) => name).sort());
});

test('every exception has a reason', (t) => {
  const exceptions = [...docs.matchAll(/^\| .+ \| exception[^|]* \|(.*)\|$/gm)];
  t.true(exceptions.length > 20);
  for (const [row, reason = ''] of exceptions) t.true(reason.trim().length > 15, row);
});
