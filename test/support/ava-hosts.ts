import {ALONE} from './ava-alone.js';
import {TIMED} from './ava-timed.js';
import {LEFT_OUT} from './long-tests.js';

/* Ava's settings for tests on real hosts, as `run.ts` runs them: all but those that count seconds. */

/**
 * Slow files first, so that none of them is alone at the end. A file that is not here comes later; `run.ts` says which
 * are slow.
 */
const SLOW = [
  ...['site-sid', 'site-trixie', 'site-bookworm', 'surviving', 'firewall', 'vrrp', 'order'],
  ...['canary', 'balancer-tls', 'init', 'certificates', 'hardening-phase', 'web-tls'],
];

const rankOf = (file: string) => {
  const rank = SLOW.findIndex((name) => file.endsWith(`/${name}.test.js`));
  return rank === -1 ? SLOW.length : rank;
};

export default {
  files: ['build/test/hosts/*.test.js', ...[...ALONE, ...TIMED, ...LEFT_OUT].map((file) => `!${file}`)],
  require: ['./build/test/support/timing.js'],
  timeout: '30m',
  // Much of their time they wait for hosts.
  concurrency: 3,
  sortTestFiles: (one: string, other: string) => rankOf(one) - rankOf(other),
};
