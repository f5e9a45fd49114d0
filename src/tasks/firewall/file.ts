import {raw} from '../../shell/index.js';

/** The rules of a host, as they are loaded at boot. */
export const FIREWALL_FILE = '/etc/infra-firewall.nft';

/** What the kernel held after it had loaded the file, below `# ` and the file's SHA-256. */
export const RECORD = '/var/lib/infra/firewall';

/**
 * The loaded table without what changes by itself (counters, addresses of clients) and with numbers for protocols, so
 * that it reads the same at any time and can be loaded again. Newer versions count a set's addresses all the same.
 * Prints nothing where there is no such table.
 */
export const LIST = raw(
  `nft --stateless --terse --numeric-protocol list table inet infra 2>/dev/null | sed 's/[[:space:]]*# count [0-9]*$//'`,
);

/** The file that puts these rules in the place of the table, all at once or not at all. */
export function renderFile(rules: string): string {
  return `#!/usr/sbin/nft -f
# The firewall of this host, made by infra; what is changed here is undone.
# It is one table, replaced as a whole. Tables of others are left alone.
table inet infra
delete table inet infra
table inet infra {
${rules}}
`;
}
