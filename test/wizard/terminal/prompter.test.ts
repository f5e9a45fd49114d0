import test from 'ava';
import {hasUnicode, signsFor} from '../../../src/wizard/terminal/prompter.js';

const LOCALES: readonly (readonly [env: NodeJS.ProcessEnv, unicode: boolean])[] = [
  [{TERM: 'xterm', LANG: 'C.UTF-8'}, true],
  [{LANG: 'en_GB.utf8'}, true],
  [{TERM: 'xterm', LANG: 'de_DE@euro'}, false],
  [{TERM: 'xterm'}, false],
  [{TERM: 'linux', LANG: 'C.UTF-8'}, false],
  [{TERM: 'dumb', LC_ALL: 'C.UTF-8'}, false],
  [{LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8'}, false],
  [{LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C'}, true],
];

for (const [env, unicode] of LOCALES) {
  test(`a terminal with ${JSON.stringify(env)} shows ${unicode ? 'Unicode' : 'ASCII only'}`, (t) => {
    t.is(hasUnicode(env), unicode);
  });
}

test('signs without Unicode are ASCII, and no two signs are the same', (t) => {
  const signs = Object.values(signsFor(false));
  t.true(signs.every((sign) => /^[ -~]+$/.test(sign)));
  for (const unicode of [true, false]) t.is(new Set(Object.values(signsFor(unicode))).size, 4);
});
