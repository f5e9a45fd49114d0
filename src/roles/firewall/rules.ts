import type {Listening} from '../../model/index.js';
import {type Network, renderNetwork} from '../networks.js';
import type {Sources} from '../sources.js';

/** What may come in, and from where. */
export interface Allowed {
  readonly listens: Listening['listens'];
  readonly ports: readonly number[];
  readonly from: Sources;
  readonly comment: string;
}

/** The rules that let it in: one, or one for each family of addresses; none where nobody is let in. */
export function allowRules({from, comment, ...target}: Allowed): readonly string[] {
  const accept = `${matchTarget(target)} accept comment ${quoted(comment)}`;
  return from === 'any' ? [accept] : matchSources(from).map((match) => `${match} ${accept}`);
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

function matchSources(networks: readonly Network[]): string[] {
  const families = [
    ['ip', 4],
    ['ip6', 6],
  ] as const;
  return families.flatMap(([word, family]) => {
    const own = networks.filter((each) => each.family === family).map(renderNetwork);
    return own.length === 0 ? [] : [`${word} saddr ${oneOf(own)}`];
  });
}

const oneOf = (values: readonly (string | number)[]) =>
  values.length === 1 ? String(values[0]) : `{ ${values.join(', ')} }`;
