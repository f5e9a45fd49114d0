import {canonicalAddress} from '../../model/index.js';

/** Names as certificates mean them: no upper case, addresses in their canonical form, sorted, each once. */
export function plainNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(canonicalAddress))].sort();
}

/** The names of `subjectAltName` as Node writes it: `DNS:web1, IP Address:192.0.2.1`. */
export function parseNames(text: string | undefined): readonly string[] {
  return plainNames((text ?? '').split(', ').flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? []));
}
