/** Host tests that wait for what a host does by itself within seconds. They leave the machine idle most of the time. */
export const TIMED = ['database-mysql', 'database-mariadb', 'database-health', 'hardening'].map(
  (name) => `build/test/hosts/${name}.test.js`,
);

/* Ava's settings for them: some files at a time, the longest first, and none that only keeps the machine busy. */
export default {
  files: TIMED,
  require: ['./build/test/support/timing.js'],
  timeout: '30m',
  concurrency: 3,
  sortTestFiles: (one: string, other: string) => rankOf(one) - rankOf(other),
};

const rankOf = (file: string) => TIMED.findIndex((each) => file.endsWith(each));
