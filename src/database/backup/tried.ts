import {sh} from '../../shell/index.js';
import type {OperationHosts} from '../operation.js';

/** When a backup was last restored to try it, and with what result. */
export interface Tried {
  readonly file: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly seconds: number;
  /** `ok` or `damaged`. */
  readonly result: string;
}

/** What the last trial on a server left; undefined when there was none. Rejects with `HostError`. */
export async function triedBackup(host: string, hosts: OperationHosts): Promise<Tried | undefined> {
  const text = await hosts.ask(host, sh`cat /var/lib/infra/database/restore.json 2>/dev/null || :`);
  const [, time, file, seconds, result] =
    /^\{"time": "([^"]*)", "file": "([^"]*)", "seconds": (\d+),.*"result": "(\w+)"\}/.exec(text) ?? [];
  if (time === undefined || file === undefined || result === undefined) return undefined;
  return {time, file, seconds: Number(seconds), result};
}
