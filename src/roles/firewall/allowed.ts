import type {Listening, Opening, RoleContext} from '../../model/index.js';
import {sourcesOf} from '../shared/sources.js';
import type {FirewallSettings} from './options.js';
import type {Allowed} from './ruleset.js';

/** What may come in: SSH on this port, and all else. */
export interface AllAllowed {
  readonly ssh: Allowed;
  readonly others: readonly Allowed[];
}

/**
 * What the host's roles and the options let in. SSH is always among it: for the audience of the options, else for the
 * audiences that roles declare for its port, else for everybody. Throws `InputError` as {@link sourcesOf} does.
 */
export function allowedOn(port: number, {ssh, allow}: FirewallSettings, context: RoleContext): AllAllowed {
  const openings = [...context.openings(), ...allow.map((each): Opening => ({...each, role: ''}))];
  const declared = openings.filter((each) => each.listens === 'tcp' && each.ports.includes(port));
  const from = ssh.from ?? declared.flatMap((each) => each.from);
  const others = openings.map((each) => without(each, port)).filter((each) => each !== undefined);
  return {
    ssh: {
      listens: 'tcp',
      ports: [port],
      from: declared.length === 0 && ssh.from === undefined ? 'any' : sourcesOf(from, context),
      comment: commentOf(declared[0]) ?? 'SSH',
    },
    others: others.map((each) => ({...each, from: sourcesOf(each.from, context), comment: commentOf(each) ?? ''})),
  };
}

/** The opening without the port of SSH, which has rules of its own; undefined when nothing is left of it. */
function without(opening: Opening, port: number): Opening | undefined {
  if (opening.listens !== 'tcp' || !opening.ports.includes(port)) return opening;
  const ports = opening.ports.filter((each) => each !== port);
  return ports.length === 0 ? undefined : {...opening, ports};
}

function commentOf(opening: (Listening & {readonly role: string}) | undefined): string | undefined {
  if (opening === undefined) return undefined;
  return opening.role === '' ? opening.because : `${opening.role}: ${opening.because}`;
}
