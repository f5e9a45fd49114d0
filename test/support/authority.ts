import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type KeyStore, openAuthority} from '../../src/authority/index.js';
import type {Authority} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';

/** An authority of a directory of its own, whose key is kept in memory. `at` opens it as it was at another time. */
export async function newAuthority(name = 'shop authority'): Promise<Authority & {at(now: Date): Promise<Authority>}> {
  const directory = mkdtempSync(join(tmpdir(), 'infra-authority-'));
  const kept = new Map<string, Secret>();
  const keys: KeyStore = {
    keep: async (name, make) => {
      const secret = kept.get(name) ?? new Secret(await make());
      kept.set(name, secret);
      return secret;
    },
  };
  const open = (now = new Date()) => openAuthority({directory, name, keys, notice: () => {}, now: () => now});
  return {...(await open()), at: open};
}

/** The time, `days` days ago. */
export const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
