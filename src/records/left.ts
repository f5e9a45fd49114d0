import {summarise} from '../model/index.js';
import type {RunRecord} from './format.js';

/** Hosts on which a run did not come to its end: failed, not reached, interrupted, or not begun when it was killed. */
export function hostsLeft({head, tail, events}: RunRecord): readonly string[] {
  const {hosts} = summarise(events);
  const begun = tail?.outcome !== 'no-changes' && tail?.outcome !== 'declined';
  return head.hosts.filter((name) => {
    const result = hosts.find(({host}) => host === name);
    if (result?.failure || result?.status === 'interrupted') return true;
    const finished = events.some((event) => event.type === 'host-finished' && event.host === name);
    return begun && !finished;
  });
}
