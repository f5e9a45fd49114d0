import {resolve} from 'node:path';
import test from 'ava';
import {isForged, RAW} from '../../support/hostile.js';
import {KEYS, openTerminal} from '../../support/terminal.js';

test('no question shows anything raw, and a usual answer that cannot be shown is still the answer', async (t) => {
  const script = resolve('build/test/wizard/ask-all.js');
  const env = {PATH: process.env.PATH, TERM: 'xterm', LANG: 'C.UTF-8'};
  const {sees, press, ended, raw, shown} = openTerminal(`${process.execPath} ${script}`, process.cwd(), env);
  await sees(/text a/);
  press('bad', KEYS.enter);
  await sees(/refused a/);
  press(KEYS.clear, KEYS.enter);
  await sees(/choose a[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/mark a[\s\S]*Enter submit/);
  press(KEYS.enter);
  await sees(/confirm a/);
  press(KEYS.enter);
  await sees(/the end \[true,"one",\["two"\],true\]/);
  t.is(await ended, 0);
  // What the prompts themselves order: moves, erasures, colours.
  const rest = raw().replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '');
  for (const each of [...RAW].filter((one) => one.codePointAt(0) !== 0x1b && one.codePointAt(0) !== 0xd83d))
    if (!'\u0007\r\n]0;x[2JmM31'.includes(each)) t.false(rest.includes(each), JSON.stringify(each));
  t.notRegex(raw(), /\u001b\]0;|\u001b\[2J|\ufffd/);
  t.false(isForged(shown()), shown());
});
