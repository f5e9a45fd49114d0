import {LEFT_OUT, LONG} from './long-tests.js';

/** Host tests that count lost requests or measure pauses. Many of the long ones of databases have the same hosts. */
export const ALONE = [...['failover', 'firewall-guard'].map((name) => `build/test/hosts/${name}.test.js`), ...LONG];

/* Ava's settings for them: one file at a time, and nothing next to it. */
export default {
  files: ALONE.filter((file) => !LEFT_OUT.includes(file)),
  require: ['./build/test/support/timing.js'],
  timeout: '30m',
  concurrency: 1,
};
