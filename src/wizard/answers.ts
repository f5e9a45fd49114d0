import type {Problem} from '../model/index.js';
import type {Choices, ServerRole, TlsChoice} from '../project/choices.js';
import {endpointOf} from '../project/server-faults.js';

/** What is known of a server: a name and roles may still have to be proposed. */
export interface ServerAnswer {
  readonly name?: string | undefined;
  readonly address: string;
  readonly port?: number | undefined;
  /** Login user, if one was written before the address. */
  readonly user?: string | undefined;
  readonly privateAddress?: string | undefined;
  readonly roles?: readonly ServerRole[] | undefined;
}

/** The answers so far: from flags, an answers file, an earlier run or the terminal. */
export interface Answers extends Partial<Omit<Choices, 'servers' | 'tls'>> {
  readonly servers?: readonly ServerAnswer[];
  readonly tls?: TlsChoice['kind'];
  /** With `tls: files`: paths of the PEM files. */
  readonly certificate?: string;
  readonly key?: string;
  /** With `tls: acme`. */
  readonly email?: string;
  readonly directory?: string;
  /** Fingerprints of host keys (`SHA256:…`) that are trusted without a question. */
  readonly hostKeys?: readonly string[];
}

/** An answer that was understood, or why it was not. */
export type Parsed<T> = {readonly value: T} | {readonly fault: Problem};

/** An answer that was not understood. */
export function faulty(message: string, hint?: string): {readonly fault: Problem} {
  return {fault: {message, hint}};
}

/** Merges answers: a later layer overrides an earlier one, and its servers are added or change the earlier ones. */
export function mergeAnswers(...layers: readonly Answers[]): Answers {
  let merged: Answers = {};
  for (const layer of layers) {
    const given = Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined));
    merged = {...merged, ...given, ...serversOf(merged, layer)};
  }
  return merged;
}

function serversOf(before: Answers, layer: Answers): Pick<Answers, 'servers'> {
  if (before.servers === undefined || layer.servers === undefined) return {};
  return {servers: addServers(before.servers, layer.servers)};
}

/**
 * Adds servers to others. One with the same name, or without a name but with the same address and port, changes that.
 */
export function addServers(before: readonly ServerAnswer[], added: readonly ServerAnswer[]): readonly ServerAnswer[] {
  const servers = [...before];
  for (const server of added) {
    const at = servers.findIndex((other) => isSame(other, server));
    const known = Object.fromEntries(Object.entries(server).filter(([, value]) => value !== undefined));
    if (at < 0) servers.push(server);
    else servers[at] = {...servers[at], ...known, address: server.address};
  }
  return servers;
}

function isSame(other: ServerAnswer, server: ServerAnswer): boolean {
  if (server.name !== undefined && other.name !== undefined) return server.name === other.name;
  return endpointOf(other) === endpointOf(server);
}
