import {readdirSync} from 'node:fs';

/** Tests of databases that each `npm test` runs. */
const SHORT = ['mariadb', 'mysql', 'health'].map((name) => `database-${name}.test.js`);

/**
 * All other tests of databases. They take longer than all other host tests together, so they run only when they are asked
 * for: INFRA_TEST_DATABASE=1 npm test.
 */
export const LONG = readdirSync('build/test/hosts')
  .filter((name) => /^database-.*\.test\.js$/.test(name) && !SHORT.includes(name))
  .sort()
  .map((name) => `build/test/hosts/${name}`);

/** Files that this run leaves out. */
export const LEFT_OUT = process.env.INFRA_TEST_DATABASE === '1' ? [] : LONG;
