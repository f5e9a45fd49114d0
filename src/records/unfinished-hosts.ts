import {summarise} from '../model/index.js';
import type {RunRecord} from './format.js';

/** Hosts on which a run did not come to its end: failed, not reached, interrupted, or not begun when it was killed. */
export function hostsLeft({head, tail, events}: RunRecord): readonly string[] {
  const results = new Map(summarise(events).hosts.map((result) => [result.host, result]));
  const finished = new Set(events.flatMap(({type, host}) => (type === 'host-finished' ? [host] : [])));
  const begun = tail?.outcome !== 'no-changes' && tail?.outcome !== 'declined';
  return head.hosts.filter((name) => {
    const result = results.get(name);
    if (result?.failure || result?.status === 'interrupted') return true;
    return begun && !finished.has(name);
  });
}
