import test from 'ava';
import {CLAIMED_NAMES, CLAIMED_PREFIXES, OTHER_CLAIMED_NAMES} from '../../../src/roles/shared/claimed-headers.js';

test('each is named once, in lower case, and every prefix covers a known one', (t) => {
  t.is(new Set(CLAIMED_NAMES).size, CLAIMED_NAMES.length);
  for (const name of [...CLAIMED_NAMES, ...CLAIMED_PREFIXES]) t.regex(name, /^[a-z0-9]+(-[a-z0-9]+)*-?$/);
  const idle = CLAIMED_PREFIXES.filter((prefix) => !CLAIMED_NAMES.some((name) => name.startsWith(prefix)));
  t.deepEqual(idle, []);
});

test('they fit into a line of HAProxy', (t) => {
  // LINESIZE of HAProxy's defaults.h.
  t.true(CLAIMED_PREFIXES.join('|').length < 1900);
  t.true(OTHER_CLAIMED_NAMES.join('|').length < 1900);
});

test('headers that browsers, applications and proxies need are not among them', (t) => {
  const needed = [
    ...['accept', 'authorization', 'content-type', 'cookie', 'host', 'origin', 'referer', 'user-agent', 'via'],
    ...['x-requested-with', 'x-request-id', 'x-csrf-token', 'x-api-key', 'x-client-version', 'x-auth-token'],
    ...['sec-websocket-key', 'traceparent', 'destination', 'idempotency-key'],
  ];
  const lost = needed.filter(
    (name) => CLAIMED_NAMES.includes(name) || CLAIMED_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
  t.deepEqual(lost, []);
});
