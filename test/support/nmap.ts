import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {labTest} from './lab.js';

/** Like `labTest`, skipped where nmap is missing; `test/support/run.ts` says so at the end. */
export const nmapTest = process.env.INFRA_TEST_NO_NMAP === undefined ? labTest : labTest.skip;

/** Which ports to scan, as options of nmap. */
export interface Scan {
  readonly kind: '-sS' | '-sU' | '-sO';
  readonly ports: string;
  /** Hops that its packets have to go. Default: nmap draws 37 to 59. */
  readonly ttl?: number;
}

/** Every TCP port there is. */
export const ALL_TCP: Scan = {kind: '-sS', ports: '1-65535'};

/**
 * The command of a scan of hosts of one family. A port that lets nothing in says nothing, so nmap would wait long for
 * each: it sends at a rate that the lab's bridge carries with ease, and asks twice more.
 */
export function scanCommand({kind, ports, ttl}: Scan, addresses: readonly string[]): readonly string[] {
  const family = addresses.some((each) => each.includes(':')) ? ['-6'] : [];
  const pace = ports.includes('-') ? ['--min-rate', '20000'] : [];
  const hops = ttl === undefined ? [] : ['--ttl', `${ttl}`];
  const options = [
    '-n',
    '-Pn',
    '-T4',
    '--max-retries',
    '2',
    ...pace,
    ...hops,
    ...family,
    kind,
    '-p',
    ports,
    '-oG',
    '-',
  ];
  return ['nmap', ...options, ...addresses];
}

/** Scans from this machine. For each address what {@link reached} tells. */
export async function scan(what: Scan, addresses: readonly string[]): Promise<Reached> {
  const [program = '', ...args] = scanCommand(what, addresses);
  return reached((await promisify(execFile)(program, args, {maxBuffer: 2 ** 26})).stdout);
}

/**
 * By address, the ports or protocols that answered at all, also that nobody listens there: the firewall let it through.
 */
export type Reached = Readonly<Record<string, readonly number[]>>;

/** Reads nmap's grepable output. Throws when nmap did not finish. */
export function reached(output: string): Reached {
  if (!/Nmap done/.test(output)) throw new Error(`nmap did not finish:\n${output}`);
  const hosts = output.matchAll(/^Host: (\S+) .*?Status: Up$(?:\nHost: \1 .*?(?:Ports|Protocols): ([^\t\n]*))?/gm);
  return Object.fromEntries([...hosts].map(([, address = '', list = '']) => [address, answered(list)]));
}

function answered(list: string): readonly number[] {
  const found = list.split(', ').flatMap((each) => /^(\d+)\/(?:open|closed|unfiltered)\//.exec(each)?.[1] ?? []);
  return found.map(Number).sort((a, b) => a - b);
}
