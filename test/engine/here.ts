import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {applyAll, planAll, type RunControl} from '../../src/engine/index.js';
import {type Host, type Items, play, type RunEvent, summarise} from '../../src/model/index.js';
import type {Connection, Transport} from '../../src/transport/index.js';
import {hostNamed} from '../renderers/host-named.js';
import {localTransport} from '../transport/local/local-transport.js';
import {FACTS} from './local-connection.js';

/*
 * Runs from plan to end on the real remote shell, on this machine: in a mount namespace of its own, where /var/lib is
 * an empty disk. That needs root.
 */
export const rootTest = process.getuid?.() === 0 ? test : test.skip;

/** Scripts that were sent, each as its number of steps. */
export interface Machine {
  readonly connection: Connection;
  readonly scripts: number[];
}

/** Runs on this machine, one after another over one connection. */
export async function machine(): Promise<Machine> {
  const own = await localTransport({isolated: true}).connect(hostNamed('here'));
  const scripts: number[] = [];
  const run: Connection['run'] = (steps, options) => {
    scripts.push(steps.length);
    return own.run(steps, options);
  };
  return {connection: {...own, run}, scripts};
}

export interface HereGiven {
  readonly id?: string;
  readonly names?: readonly string[];
  /** Between plan and apply. */
  readonly inBetween?: () => void;
  readonly stop?: AbortSignal;
  readonly confirm?: RunControl['confirm'];
  readonly onEvent?: (event: RunEvent) => void;
  readonly machines?: ReadonlyMap<string, Machine>;
}

export async function applyHere(t: ExecutionContext, items: Items | ((host: Host) => Items), given: HereGiven = {}) {
  const {names = ['h1'], inBetween, stop = new AbortController().signal, onEvent} = given;
  const hosts = names.map(hostNamed);
  const made = async (name: string) => [name, await machine()] as const;
  const machines = given.machines ?? new Map(await Promise.all(names.map(made)));
  const transport: Transport = {
    connect: async ({name}) => {
      const found = machines.get(name);
      if (!found) throw new Error(`no machine for ${name}`);
      return found.connection;
    },
  };
  const planned = await planAll({
    plays: [play('all', {hosts: 'all'}, typeof items === 'function' ? [({host}) => items(host)] : items)],
    inventory: {hosts, groups: new Map([['all', hosts]]), file: 'hosts.yaml', files: []},
    hosts,
    environment: {templateDirectories: []},
    listener: () => {},
    transport,
    reach: async (host, by) => ({connection: await by.connect(host), facts: FACTS}),
  });
  inBetween?.();
  const before = [...machines.values()].map(({scripts}) => scripts.length);
  const events: RunEvent[] = [];
  const control: RunControl = {
    id: given.id ?? 'run-1',
    owner: 'me@here',
    lockTimeout: 0,
    keepBackups: false,
    stop,
    transport,
    confirm: given.confirm,
  };
  await applyAll(planned, control, (event) => {
    events.push(event);
    onEvent?.(event);
  });
  t.teardown(() => Promise.all(planned.map((each) => each.close())));
  const scripts = [...machines.values()].map((each, index) => each.scripts.slice(before[index]));
  const failures = new Map(planned.map(({plan}) => [plan.host.name, plan.failure]));
  for (const {host, failure} of summarise(events).hosts) if (failure) failures.set(host, failure);
  const of = (type: RunEvent['type']) => events.filter((event) => event.type === type);
  return {events, of, failures, scripts, planned};
}

export function directory(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'infra-apply-'));
  t.teardown(() => rmSync(made, {recursive: true, force: true}));
  return made;
}
