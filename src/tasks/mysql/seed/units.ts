import {isIPv6} from 'node:net';
import {type Command, join, type Secret, sh, showAs} from '../../../shell/index.js';
import {KEY_NAME} from './key.js';
import {RUN, SEED_PORT, type SeedRole, STATE, unitOf} from './places.js';
import {COMMON, METER} from './programs.js';

/** A program of a seed as a transient unit. */
interface Program {
  readonly role: SeedRole;
  /** Its text, and that of what it runs, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly (string | number)[];
  /** Runs when it has ended, in whatever way: the name of one of `files`. */
  readonly after?: string;
  readonly key: Secret;
}

/**
 * Starts a program of a seed, which goes on when the connection ends. It yields to the server next to it: a quarter of
 * the weight that systemd gives every service (100) for the processor and the disk. Its key is in a file below /run that
 * only root reads; the key comes by standard input.
 */
export function startUnit({role, files, args, after, key}: Program): Command {
  const unit = unitOf(role);
  const all = Object.entries({common: COMMON, meter: METER, ...files});
  const written = all.map(([name, text]) => sh`printf %s ${text} >${`${RUN}/${name}`}`);
  const stop = after === undefined ? [] : [`--property=ExecStopPost=-/bin/sh ${RUN}/${after}`];
  return showAs(
    `start ${unit}`,
    join([
      sh`{ systemctl stop ${unit}.service 2>/dev/null; systemctl reset-failed ${unit}.service 2>/dev/null; umask 077; mkdir -p ${RUN} ${STATE}; }`,
      ...written,
      sh`printf %s ${key} >${`${RUN}/key.pem`}`,
      sh`rm -f ${[`${STATE}/${role}`, `${STATE}/${role}.error`, `${RUN}/${role}.bytes`]}`,
      sh`systemd-run --quiet --unit=${unit} ${[...WEIGHT, ...stop]} sh ${`${RUN}/${role}`} ${args}`,
    ]),
  );
}

/** `Nice` counts among processes of the same unit's weight; the weights need cgroup 2, which Debian 11 and newer have. */
const WEIGHT = [
  'Nice=10',
  'IOSchedulingClass=best-effort',
  'IOSchedulingPriority=7',
  'CPUWeight=25',
  'IOWeight=25',
].map((each) => `--property=${each}`);

/** Both ends show the certificate of the transfer and take no other. */
const TLS = `cert=${RUN}/key.pem,key=${RUN}/key.pem,cafile=${RUN}/key.pem,verify=1,openssl-min-proto-version=TLS1.3`;

/** A peer that is gone is noticed within a minute. */
const ALIVE = 'keepalive,keepidle=20,keepintvl=10,keepcnt=4';

/** Where the recipient listens. */
export function listenAddress(address: string): string {
  const family = isIPv6(address) ? ',pf=ip6' : '';
  return `OPENSSL-LISTEN:${SEED_PORT},bind=${bracketed(address)}${family},reuseaddr,${ALIVE},${TLS}`;
}

/** Where the sender connects to. */
export function connectAddress(address: string): string {
  return `OPENSSL-CONNECT:${bracketed(address)}:${SEED_PORT},commonname=${KEY_NAME},connect-timeout=20,retry=5,interval=1,${ALIVE},${TLS}`;
}

/** An address as socat takes it before a port. */
export const bracketed = (address: string) => (isIPv6(address) ? `[${address}]` : address);
