import {
  type Operation,
  type OperationHosts,
  type OperationListener,
  runOperation,
} from '../../src/database/operation.js';
import {parseReport, reportProbe} from '../../src/database/report.js';
import type {DatabaseNode, DatabaseSite} from '../../src/database/site.js';
import {parseInventory} from '../../src/inventory/index.js';
import {HostError} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';
import {FOREVER} from '../../src/tasks/mysql/writes.js';

/** A server of MariaDB in memory. Transactions are `DOMAIN-SERVER-NUMBER`, in the order in which it has them. */
export interface FakeServer {
  readonly name: string;
  readonly id: number;
  /** Whether infra can log in on its host. */
  reached: boolean;
  /** Whether the server runs and answers infra. */
  answers: boolean;
  /** Whether it runs, and its replicas and clients reach it: a zombie is alive and does not answer infra. */
  alive: boolean;
  readOnly: boolean;
  databases: readonly string[];
  /** What it has executed. */
  log: string[];
  /** What it has received besides. */
  relay: string[];
  /** The address of its source. */
  source: string | undefined;
  io: boolean;
  sql: boolean;
  revoked: boolean;
  journal: string | undefined;
  /** Whether its clients wait for a replica. */
  waits: boolean;
  /** How many replicas its writes wait for, where they wait. */
  acks: number;
  /** What it knows of its source, as the health service writes it down: of which, and for how many replicas. */
  promise: {readonly source: string; readonly acks: number} | undefined;
  /** A timer on the host will open writes. */
  timer: boolean;
  /** The note that its data is from before a restore: the transactions that both have. */
  restored: string | undefined;
  /** What it has received is an error to it: it does not execute. */
  stuck: boolean;
  /** A copy is in the place of its data. */
  placed: boolean;
}

/** Servers, what was asked of them, and which writes were acknowledged to clients. */
export class FakeServers {
  readonly servers: readonly FakeServer[];
  readonly asked: string[] = [];
  readonly acknowledged: string[] = [];
  readonly settings: Partial<DatabaseSite>;
  /** Called before a command is done; what it throws is the answer. */
  before: (host: string, text: string) => void = () => {};
  /** Called when a command is done. */
  after: (host: string, text: string) => void = () => {};

  constructor(count: number, settings: Partial<DatabaseSite> = {}) {
    this.settings = settings;
    const acks = settings.acks ?? 0;
    this.servers = Array.from({length: count}, (_, index) => ({
      ...{name: `db${index + 1}`, id: index + 1, reached: true, answers: true, alive: true},
      ...{readOnly: index > 0, databases: ['app'], log: ['0-1-1', '0-1-2'], relay: [], revoked: false},
      ...{source: index > 0 ? '192.0.2.1' : undefined, io: index > 0, sql: index > 0, journal: undefined},
      ...{waits: acks > 0 && index === 0, timer: false, restored: undefined, placed: false, stuck: false},
      ...{acks: index === 0 ? Math.max(1, acks) : 1, promise: index > 0 ? {source: '192.0.2.1', acks} : undefined},
    }));
  }

  get(name: string): FakeServer {
    const found = this.servers.find((each) => each.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }

  set(name: string, more: Partial<FakeServer>): this {
    Object.assign(this.get(name), more);
    return this;
  }

  /** A client writes: whether it is acknowledged. */
  write(name: string): boolean {
    const server = this.get(name);
    if (!server.alive || server.readOnly) return false;
    const last = Math.max(0, ...server.log.map((each) => Number(each.split('-')[2])));
    const written = `0-${server.id}-${last + 1}`;
    server.log.push(written);
    this.replicate();
    const has = this.servers.filter((each) => each.source === addressOf(server) && holds(each, written));
    const isAcknowledged = !server.waits || has.filter(({io}) => io).length >= server.acks;
    if (isAcknowledged) this.acknowledged.push(written);
    return isAcknowledged;
  }

  /** Replicas receive and execute what their sources have. */
  replicate(): void {
    // Twice, for a replica of a replica.
    for (const server of [...this.servers, ...this.servers]) {
      const source = this.servers.find((each) => addressOf(each) === server.source);
      if (server.io && source?.alive) server.relay.push(...source.log.filter((each) => !holds(server, each)));
      if (server.sql) server.log.push(...server.relay.splice(0));
      // Its health service hears that of its source, as long as nothing is cut.
      if (server.io && source?.alive && source.answers && !source.readOnly) {
        server.promise = {source: addressOf(source), acks: source.waits ? source.acks : 0};
      }
    }
  }

  /** How many replicas receive from a server. */
  connectedTo(server: FakeServer): number {
    return this.servers.filter(({alive, io, source}) => alive && io && source === addressOf(server)).length;
  }

  /** What happens when infra is gone: the timers of {@link closeForNow} open writes. */
  fireTimers(): void {
    for (const server of this.servers) {
      if (server.timer && server.alive) Object.assign(server, {readOnly: false, timer: false, waits: this.#waits});
    }
  }

  get #waits(): boolean {
    return (this.settings.acks ?? 0) > 0;
  }

  /** Names of the servers that take writes. */
  get writers(): string[] {
    return this.servers.filter(({alive, readOnly, source}) => alive && !readOnly && !source).map(({name}) => name);
  }

  site(more: Partial<DatabaseSite> = {}): DatabaseSite {
    return {
      ...{family: 'mariadb', port: 3306, account: {user: 'replicator', password: new Secret('pw')}},
      ...{authority: undefined, acks: 0, degrades: false, first: 'db1', balancers: []},
      ...this.settings,
      servers: this.servers.map((each) => nodeOf(each, this.connectedTo(each))),
      ...more,
    };
  }

  readonly hosts: OperationHosts = {
    ask: async (host, command) => {
      // As the server gets it: without the quotes of the shell.
      const text = command.reveal().replaceAll("'\\''", "'");
      this.asked.push(`${host}: ${command === reportProbe ? 'report' : text}`);
      this.before(host, text);
      if (host.startsWith('lb')) return '';
      const server = this.get(host);
      if (!server.reached) throw refused(`${host} was not reached`);
      if (command === reportProbe && !server.answers) throw refused('the database server is not running');
      const reports = command.reveal().includes(reportProbe.reveal());
      const done = command === reportProbe ? '' : this.#obey(server, text);
      const answer = reports ? reportText(server, this.connectedTo(server)) : done;
      this.replicate();
      this.after(host, text);
      return answer;
    },
  };

  #obey(server: FakeServer, text: string): string {
    const rules: readonly (readonly [RegExp, () => string | undefined])[] = [
      [/printf '%s\\n' '(\{.*\})' >/, () => this.#set(server, {journal: /'(\{.*?\})'/.exec(text)?.[1]})],
      [/^systemctl is-active --quiet mariadb/, () => this.#start(server)],
      [/^timeout 60 systemctl stop mariadb/, () => this.#set(server, {alive: false, answers: false, readOnly: true})],
      [/MASTER_GTID_WAIT\('([^']*)'/, () => (this.#reached(server, text) ? '0\n' : '-1\n')],
      [/CHANGE MASTER TO MASTER_HOST = '([\d.]+)'/, () => this.#attach(server, text)],
      [/RESET REPLICA ALL/, () => this.#set(server, {...DETACHED, relay: [], revoked: false, ...begins(server, text)})],
      [/STOP REPLICA IO_THREAD/, () => this.#set(server, {io: false, revoked: true})],
      [/START REPLICA SQL_THREAD/, () => this.#apply(server)],
      [/START REPLICA/, () => this.#set(server, {io: true, sql: true, revoked: false})],
      [/systemd-run/, () => this.#set(server, {readOnly: true, timer: true, waits: false})],
      [/SELECT @@global\.read_only/, () => this.#set(server, {timer: false})],
      [/read_only = OFF/, () => this.#set(server, {readOnly: false, timer: false, ...waiting(server, text)})],
      [/read_only = ON/, () => this.#set(server, {readOnly: true, waits: false, timer: false})],
      [/rpl_semi_sync_master_enabled = @@/, () => this.#set(server, {waits: true})],
      [/rpl_semi_sync_master_enabled = OFF/, () => this.#set(server, {waits: false})],
      [/information_schema\.events/, () => ''],
      [/must-seed/, () => this.#note(server, text)],
      [/database-restore/, () => ''],
      [/mariadb-binlog/, () => '1234\n'],
      [/^rm -f \S*journal/, () => this.#set(server, {journal: undefined})],
    ];
    const rule = rules.find(([pattern]) => pattern.test(text));
    if (!rule) throw new Error(`the fake server does not know: ${text}`);
    return rule[1]() ?? '';
  }

  /** A server that follows none refuses. */
  #apply(server: FakeServer): undefined {
    if (!server.source) throw refused('ERROR 1200: The server is not configured as a replica');
    this.#set(server, {sql: !server.stuck});
  }

  #set(server: FakeServer, more: Partial<FakeServer>): undefined {
    if (!server.alive && !('alive' in more) && !('journal' in more)) throw refused('the server is not running');
    Object.assign(server, more);
  }

  #note(server: FakeServer, text: string): undefined {
    server.restored = text.startsWith('rm') ? undefined : /printf '%s\\n' '?([\d,-]+)'? >/.exec(text)?.[1];
  }

  #start(server: FakeServer): undefined {
    if (!server.alive || !server.answers) Object.assign(server, {alive: true, answers: true, readOnly: true});
  }

  #attach(server: FakeServer, text: string): undefined {
    const source = /MASTER_HOST = '([\d.]+)'/.exec(text)?.[1];
    const journal = /^rm -f .*journal/.test(text) ? undefined : server.journal;
    this.#set(server, {source, io: true, sql: true, revoked: false, relay: [], journal});
  }

  #reached(server: FakeServer, text: string): boolean {
    const [, position = ''] = /MASTER_GTID_WAIT\('([^']*)'/.exec(text) ?? [];
    if (server.sql && !server.stuck) server.log.push(...server.relay.splice(0));
    return position === '' || server.log.some((each) => position.split(',').includes(each));
  }
}

const DETACHED = {source: undefined, io: false, sql: false};

const begins = ({waits}: FakeServer, text: string) => ({waits: waits || text.includes('master_enabled = @@')});

const waiting = ({waits}: FakeServer, text: string) => ({waits: waits || text.includes('rpl_semi_sync_master')});

const addressOf = ({id}: FakeServer) => `192.0.2.${id}`;

const holds = ({log, relay}: FakeServer, written: string) => log.includes(written) || relay.includes(written);

const refused = (message: string) => new HostError({reason: 'command-failed', message});

/** The last of each server, as `gtid_binlog_state` has it. */
function stateOf(log: readonly string[]): string {
  return [...new Map(log.map((each) => [each.split('-')[1], each])).values()].join(',');
}

/** What the server answers to `reportProbe`. */
export function reportText(server: FakeServer, connected = 0): string {
  const {id, readOnly, databases, log, relay, source, io, sql, waits} = server;
  const head = [
    ...(server.revoked ? ['revoked: yes'] : []),
    ...(server.restored === undefined ? [] : [`must_seed: yes ${server.restored}`]),
    ...(server.placed ? ['seed: placed'] : []),
    ...(server.promise === undefined ? [] : [`promise: ${server.promise.source} ${server.promise.acks} 1764526201 7`]),
    ...(server.journal === undefined ? [] : [`journal: ${server.journal}`]),
  ];
  const own = {server: '11.8.6-MariaDB', id, read_only: Number(readOnly), user_databases: databases.join(' ')};
  const semiSync = {waits: waits ? 'ON' : 'OFF', acks: server.acks, patience: FOREVER.mariadb, patient: 'ON'};
  const state = {executed: stateOf(log), applied: source ? log.at(-1) : '', ...semiSync, connected};
  const status = {
    ...{Master_Host: source, Master_Port: 3306, Master_Server_Id: source?.split('.')[3]},
    ...{Slave_IO_Running: io ? 'Yes' : 'No', Slave_SQL_Running: sql ? 'Yes' : 'No'},
    ...{Gtid_IO_Pos: relay.at(-1) ?? log.at(-1) ?? '', Seconds_Behind_Master: io && sql ? 0 : 'NULL'},
    ...{Last_IO_Error: '', Last_SQL_Error: server.stuck ? 'Error 1062' : ''},
  };
  const rows = [{...own, ...state}, ...(source === undefined ? [] : [status])];
  const lines = rows.flatMap((row, index) => [
    `*************************** ${index + 1}. row ***************************`,
    ...Object.entries(row).map(([name, value]) => `${name}: ${value}`),
  ]);
  return `${[...head, ...lines].join('\n')}\n`;
}

const inventory = parseInventory(
  `db: {hosts: {${[1, 2, 3, 4].map((id) => `db${id}: {address: 192.0.2.${id}}`).join(', ')}}}
lb: {hosts: {lb1: {address: 192.0.2.11}, lb2: {address: 192.0.2.12}}}`,
  '/project/inventory/hosts.yml',
);

/** A host of the inventory of four servers and two balancers. */
export function hostNamed(name: string) {
  const host = inventory.hosts.find((each) => each.name === name);
  if (!host) throw new Error(`there is no host ${name}`);
  return host;
}

function nodeOf(server: FakeServer, connected: number): DatabaseNode {
  const node = {host: hostNamed(server.name), address: addressOf(server), isReached: server.reached};
  const failure = {reason: 'unreachable', message: 'the host does not answer'} as const;
  if (!server.reached || !server.answers) return {...node, report: undefined, failure};
  const report = parseReport({stdout: reportText(server, connected), stderr: '', code: 0, truncated: false});
  return {...node, report, failure: undefined};
}

/** What an operation throws at once: the words and the next step. Undefined when it is planned. */
export function refusalOf(plan: () => unknown): string | undefined {
  try {
    plan();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || !('diagnostics' in error)) throw error;
    const [first] = error.diagnostics as readonly {message: string; hint?: string}[];
    return `${first?.message}. ${first?.hint}`;
  }
}

/** Runs an operation, and ends infra before its command with this number, counted from 0: nothing is taken back. */
export async function killedAt(fake: FakeServers, operation: Operation, number: number): Promise<'killed' | 'done'> {
  let asked = 0;
  const ask: OperationHosts['ask'] = async (...question) => {
    if (asked++ < number) return fake.hosts.ask(...question);
    throw new Error('infra was killed');
  };
  await runOperation(operation, {ask}, SILENT, new AbortController().signal).catch(() => {});
  return asked > number ? 'killed' : 'done';
}

/** Runs an operation to its end. Rejects as `runOperation` does. */
export function runAll(fake: FakeServers, operation: Operation, listener: OperationListener = SILENT): Promise<void> {
  return runOperation(operation, fake.hosts, listener, new AbortController().signal);
}

const SILENT: OperationListener = {started: () => {}, finished: () => {}, undone: () => {}};
