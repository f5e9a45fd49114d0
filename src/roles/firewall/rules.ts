import {type Listening, renderNetwork} from '../../model/index.js';
import type {Sources} from '../shared/sources.js';

/** What may come in, and from where. */
export interface Allowed {
  readonly listens: Listening['listens'];
  readonly ports: readonly number[];
  readonly from: Sources;
  readonly comment: string;
}

/** The IP protocol's number (IANA). */
const VRRP = 112;

/** Whether it is VRRP, which every sender on this network sends with 255 hops to go: a router on the way makes it less (RFC 9568). */
export const isVrrp = ({listens}: Pick<Allowed, 'listens'>): boolean =>
  typeof listens === 'object' && listens.protocol === VRRP;

/** The rules that let it in: one, or one for each family of addresses; none where nobody is let in. */
export function allowRules({from, comment, ...target}: Allowed): readonly string[] {
  const accept = `${matchTarget(target)} accept comment ${quoted(comment)}`;
  if (from === 'any' && !isVrrp(target)) return [accept];
  return FAMILIES.flatMap((family) => {
    const sources = matchSources(family, from);
    return sources === undefined ? [] : [[...sources, ...(isVrrp(target) ? [family.near] : []), accept].join(' ')];
  });
}

/** `tcp dport { 80, 443 }`. Protocols are numbers: a small system does not know their names. */
export function matchTarget({listens, ports}: Pick<Allowed, 'listens' | 'ports'>): string {
  return typeof listens === 'object' ? `meta l4proto ${listens.protocol}` : `${listens} dport ${oneOf(ports)}`;
}

/** A comment as nftables takes it: it knows no escapes and no more than 127 bytes (NFTNL_UDATA_COMMENT_MAXLEN). */
export function quoted(comment: string): string {
  const plain = comment.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]+/g, ' ');
  return `"${plain.slice(0, 127)}"`;
}

const FAMILIES = [
  {word: 'ip', version: 4, near: 'ip ttl 255'},
  {word: 'ip6', version: 6, near: 'ip6 hoplimit 255'},
] as const;

/** Undefined: none of these is of the family. */
function matchSources({word, version}: (typeof FAMILIES)[number], from: Sources): readonly string[] | undefined {
  if (from === 'any') return [];
  const own = from.filter(({family}) => family === version).map(renderNetwork);
  return own.length === 0 ? undefined : [`${word} saddr ${oneOf(own)}`];
}

const oneOf = (values: readonly (string | number)[]) =>
  values.length === 1 ? String(values[0]) : `{ ${values.join(', ')} }`;
