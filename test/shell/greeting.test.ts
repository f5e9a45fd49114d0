import test from 'ava';
import fc from 'fast-check';
import {Greeting} from '../../src/shell/greeting.js';
import {BrokenFrame} from '../../src/shell/index.js';

const NONCE = 'a1b2c3';

/** Feeds a text in chunks of a size; gives what follows the greeting. */
function feed(text: string, size: number) {
  const greeting = new Greeting(NONCE);
  const bytes = Buffer.from(text);
  const rest: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const more = greeting.push(bytes.subarray(at, at + size));
    if (more) rest.push(more);
  }
  return {greeting, rest: Buffer.concat(rest).toString()};
}

test('the greeting is found after anything that a host prints, however the chunks fall', (t) => {
  const noise = fc.string({unit: fc.constantFrom('a1b2c3', ' ready', '\n', 'ß', 'x')});
  fc.assert(
    fc.property(noise, fc.integer({min: 1, max: 40}), (before, size) => {
      fc.pre(!`\n${before}`.includes(`\n${NONCE} ready`));
      const {greeting, rest} = feed(`${before}\n${NONCE} ready 12 root \n1:ß\n`, size);
      t.deepEqual([greeting.found, rest, greeting.said()], ['12 root', '1:ß\n', '']);
    }),
  );
});

test('a greeting that is not at the beginning of a line, or of another session, is none', (t) => {
  for (const text of [`${NONCE} ready 1\n`, `x${NONCE} ready 1\n`, '\nffffff ready 1\n', `\n${NONCE} ready 1`]) {
    const {greeting, rest} = feed(text, 7);
    t.deepEqual([greeting.found, rest, greeting.said()], [undefined, '', text]);
  }
});

test('it is found after much output, and the end of what was printed is kept until then', (t) => {
  const noise = 'banner\n'.repeat(20_000);
  t.is(feed(`${noise}\n${NONCE} ready 5\nrest`, 4096).greeting.found, '5');
  const {greeting} = feed(noise, 4096);
  t.is(greeting.said(), noise.slice(-16 * 1024));
});

test('a host that never stops printing is given up', (t) => {
  const greeting = new Greeting(NONCE);
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  t.is(greeting.push(chunk), undefined);
  t.throws(() => greeting.push(Buffer.from('x')), {
    instanceOf: BrokenFrame,
    message: 'it prints too much before it answers',
  });
});
