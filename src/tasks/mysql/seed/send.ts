import {type Command, join, type Secret, sh, showAs} from '../../../shell/index.js';
import type {ServerFamily} from '../client.js';
import {SEND_MARIADB} from './mariadb-programs.js';
import {LEND, RETURN, SEND_MYSQL} from './mysql-programs.js';
import {STATE, unitOf} from './places.js';
import {plugin} from './receive.js';
import {connectAddress, startUnit} from './units.js';

/** A server that gives its data to another one, and goes on serving. */
export interface Sending {
  readonly family: ServerFamily;
  /** Its own address and port: the recipient clones from there (MySQL). */
  readonly address: string;
  readonly port: number;
  /** The recipient's address. */
  readonly to: string;
  /** The most bytes a second. */
  readonly rate: number;
  /** Of this transfer, the same as the recipient's. */
  readonly key: Secret;
  /** The recipient receives already: what is on its way to it is kept. Left out: it waits, and a sender from before is ended. */
  readonly isUnderWay?: boolean;
}

/**
 * Bytes a second unless told otherwise: half of what a network of 1 Gbit/s carries, so that the clients of the server
 * keep the other half.
 */
export const DEFAULT_RATE = 60_000_000;

/** Sends a copy to a recipient that waits. Fails while one is on its way to another recipient. */
export function startSending({family, address, port, to, rate, key, isUnderWay = false}: Sending): Command {
  const unit = unitOf('send');
  const told = sh`printf '%s\n' ${to} >${TO}`;
  const start =
    family === 'mariadb'
      ? startUnit({role: 'send', files: {send: SEND_MARIADB}, args: [connectAddress(to), rate], key})
      : join([
          plugin(true),
          startUnit({
            ...{role: 'send', files: {send: SEND_MYSQL, lend: LEND, return: RETURN}, after: 'return', key},
            args: [connectAddress(to), to, Math.max(1, Math.round(rate / 2 ** 20)), address, port],
          }),
        ]);
  return showAs(
    `send a copy to ${to}`,
    sh`other=none
if systemctl is-active --quiet ${unit} && [ "$(cat ${`${STATE}/send`})" = sending ]; then other=$(cat ${TO} 2>/dev/null || echo ${to}); fi
case $other in
  none) ${join([start, told])} ;;
  ${to}) ${isUnderWay ? sh`:` : join([start, told])} ;;
  *) echo "This server is sending a copy to $other. Wait for its end: systemctl status ${unit}" >&2; exit 1 ;;
esac`,
  );
}

/** The address of the server that a copy is sent to. */
const TO = `${STATE}/send.to`;

/** Ends the sending. */
export function stopSending(): Command {
  const unit = `${unitOf('send')}.service`;
  return showAs(
    'end the sending',
    sh`systemctl stop ${unit} 2>/dev/null; systemctl reset-failed ${unit} 2>/dev/null; true`,
  );
}
