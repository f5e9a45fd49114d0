/* Ava's settings for tests without hosts, as `run.ts` runs them. */
export default {
  files: ['build/test/**/*.test.js', '!build/test/hosts/**'],
  require: ['./build/test/support/timing.js'],
  timeout: '30m',
};
