import {LEFT_OUT} from './long-tests.js';

/**
 * Host tests that count lost requests, or wait for what a host does by itself within seconds. Those of databases have the
 * same hosts.
 */
export const ALONE = [
  ...['failover', 'firewall-guard', 'hardening'],
  ...['database-rig', 'database-switchover', 'database-failover', 'database-kills'],
  ...['database-cuts', 'database-disk', 'database-scenes', 'database-sessions', 'database-zombies'],
].map((name) => `build/test/hosts/${name}.test.js`);

/* Ava's settings for them: one file at a time, and nothing next to it. */
export default {
  files: ALONE.filter((file) => !LEFT_OUT.includes(file)),
  require: ['./build/test/support/timing.js'],
  timeout: '30m',
  concurrency: 1,
};
