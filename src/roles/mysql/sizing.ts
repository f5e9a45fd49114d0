import type {Facts} from '../../model/index.js';

/** Sizes in MiB, as far as the playbook says. */
interface Sizes {
  readonly memory?: number | undefined;
  readonly bufferPool?: number | undefined;
  readonly redoLog?: number | undefined;
  readonly maxConnections: number;
}

/**
 * The sizes of a server, in MiB, from the memory that it may use. Each is rounded down in steps of an eighth, so that a
 * little more or less memory after an update of the kernel does not restart the server.
 */
export function sizesOf(sizes: Sizes, facts: Facts) {
  const {memory = facts.memory / 2 ** 20, maxConnections} = sizes;
  const {bufferPool = stepped(between(SMALLEST, (memory - OTHERS - maxConnections * CONNECTION) / 2, LARGEST))} = sizes;
  const {redoLog = stepped(between(SMALLEST, bufferPool / 4, LARGEST_LOG))} = sizes;
  return {bufferPool, redoLog, maxUserConnections: Math.max(1, maxConnections - reserved(maxConnections))};
}

/**
 * Half of what connections and the system leave. The manual of MySQL names 50 to 75 % of a host of its own
 * (https://dev.mysql.com/doc/refman/9.7/en/innodb-buffer-pool-resize.html); the other half is for the page cache, which
 * serves the binary logs, and for a backup.
 */
const OTHERS = 256;

/** A connection that sorts or joins: 1 MiB of stack on MySQL, buffers of 256 KiB to 2 MiB that few use at a time. */
const CONNECTION = 1;

/** The default of both servers; less makes even a small site read from the disk. */
const SMALLEST = 128;

/** 64 GiB: more is a decision of the operator. */
const LARGEST = 65_536;

/**
 * A quarter of the pool lets InnoDB write pages in large groups; 2 GiB, where recovery after a crash takes about a
 * minute on a common disk.
 */
const LARGEST_LOG = 2048;

/**
 * One account may not take the last tenth, at most 20: infra, the operator and the health checks come in by them. Both
 * servers keep one more connection for root.
 */
function reserved(maxConnections: number): number {
  return Math.min(20, Math.ceil(maxConnections / 10));
}

const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/** Down to a multiple of an eighth of the next lower power of two. */
function stepped(value: number): number {
  const step = 2 ** Math.floor(Math.log2(value)) / 8;
  return Math.floor(value / step) * step;
}
