import {isIPv6} from 'node:net';

/** Names as certificates mean them: no upper case, addresses in their shortest form, sorted, each once. */
export function plainNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(plainName))].sort();
}

/** The names of `subjectAltName` as Node writes it: `DNS:web1, IP Address:192.0.2.1`. */
export function parseNames(text: string | undefined): readonly string[] {
  return plainNames((text ?? '').split(', ').flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? []));
}

function plainName(name: string): string {
  // An address with a zone (`fe80::1%eth0`) is one for Node, but not for a URL.
  return isIPv6(name) && !name.includes('%') ? new URL(`http://[${name}]/`).hostname.slice(1, -1) : name.toLowerCase();
}
