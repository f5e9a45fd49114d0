/**
 * Tests of databases under faults, each on clusters of its own. They take longer than all other host tests together, so
 * they run only when they are asked for: INFRA_TEST_DATABASE=1 npm test.
 */
const DATABASE = [
  ...['automatic', 'backup', 'cuts', 'disk', 'failover', 'health', 'kills', 'rig'],
  ...['scenes', 'seed', 'sessions', 'switchover', 'zombies'],
];

/** Files that this run leaves out. */
export const LEFT_OUT =
  process.env.INFRA_TEST_DATABASE === '1' ? [] : DATABASE.map((name) => `build/test/hosts/database-${name}.test.js`);
