import type {Opening, RoleContext} from '../../model/index.js';
import {sourcesOf} from '../shared/sources.js';
import type {FirewallSettings} from './options.js';
import type {Allowed} from './ruleset.js';

/** The connections that a host accepts: SSH on its port, and all others. */
export interface AllowedConnections {
  readonly ssh: Allowed;
  readonly others: readonly Allowed[];
}

/**
 * The connections that the host's roles and the options allow. SSH is always one of them: for the audience of the
 * options, else for the audiences that roles declare for its port, else for everyone. Throws `InputError` as
 * {@link sourcesOf} does.
 */
export function allowedOn(port: number, {ssh, allow}: FirewallSettings, context: RoleContext): AllowedConnections {
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

/** The opening without the port of SSH, which has rules of its own; undefined when no port remains. */
function without(opening: Opening, port: number): Opening | undefined {
  if (opening.listens !== 'tcp' || !opening.ports.includes(port)) return opening;
  const ports = opening.ports.filter((each) => each !== port);
  return ports.length === 0 ? undefined : {...opening, ports};
}

function commentOf(opening: Opening | undefined): string | undefined {
  if (opening === undefined) return undefined;
  return opening.role === '' ? opening.because : `${opening.role}: ${opening.because}`;
}
