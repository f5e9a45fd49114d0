import {join} from 'node:path';
import {parseInventory} from '../inventory/index.js';
import {type Failure, HostError} from '../model/index.js';
import {endpointOf} from '../project/index.js';
import {
  type HostKey,
  type KeyStanding,
  type ScanHostKeys,
  type Survey,
  standingOf,
  survey,
  type Transport,
  trustHostKeys,
} from '../survey/index.js';
import type {ServerAnswer} from './answers.js';
import {expandHome} from './check-certificate.js';

/** The state of the survey of a server. */
export type SurveyState =
  | {readonly phase: 'scanning'}
  /** Its host keys are unknown: the user has to confirm one. */
  | {readonly phase: 'unconfirmed'; readonly keys: readonly HostKey[]}
  | {readonly phase: 'confirmed'}
  | {readonly phase: 'connecting'}
  | {readonly phase: 'surveyed'; readonly survey: Survey}
  | {readonly phase: 'failed'; readonly failure: Failure}
  /** The user continues without it. */
  | {readonly phase: 'skipped'};

/** Where SSH connects to. */
export type Endpoint = Pick<ServerAnswer, 'address' | 'port'>;

/** The login user and key; undefined: OpenSSH's default keys. */
export interface SshLogin {
  readonly user: string;
  readonly identityFile: string | undefined;
}

/** What a survey needs of servers. `survey` knows the keys that `trust` was given. */
export interface ServerAccess {
  scan(endpoint: Endpoint, signal: AbortSignal): Promise<readonly HostKey[]>;
  /** What is known of a host key on this machine and in the project. */
  standing(key: HostKey, endpoint: Endpoint): Promise<KeyStanding>;
  trust(endpoint: Endpoint, keys: readonly HostKey[]): Promise<void>;
  survey(endpoint: Endpoint, login: SshLogin, signal: AbortSignal): Promise<Survey>;
}

/** Surveys servers in the background while questions are answered. */
export interface BackgroundSurvey {
  /** Starts with a server, or tries one again that failed. */
  start(endpoint: Endpoint): void;
  /** Sets the login; from now on, servers whose keys are confirmed are surveyed. */
  login(login: SshLogin): void;
  /** Trusts host keys of a server that the user has confirmed. */
  confirm(endpoint: Endpoint, keys: readonly HostKey[]): Promise<void>;
  skip(endpoint: Endpoint): void;
  state(endpoint: Endpoint): SurveyState | undefined;
  /** Resolves when nothing is in progress for these servers; a host key that waits for confirmation is not. */
  settled(endpoints: readonly Endpoint[]): Promise<void>;
  stop(): void;
}

/** Fingerprints in `pinned` are trusted as if the user had confirmed them. */
export function openBackgroundSurvey(access: ServerAccess, pinned: readonly string[] = []): BackgroundSurvey {
  const {set, begin, finished, state} = newStates();
  const ended = new AbortController();
  let login: SshLogin | undefined;
  const survey = async (endpoint: Endpoint): Promise<SurveyState> => {
    if (!login) return {phase: 'confirmed'};
    set(endpoint, {phase: 'connecting'});
    return {phase: 'surveyed', survey: await access.survey(endpoint, login, ended.signal)};
  };
  const start = async (endpoint: Endpoint) =>
    (await judgeKeys(endpoint, {access, pinned, signal: ended.signal})) ?? survey(endpoint);
  return {
    start: (endpoint) => begin(endpoint, start(endpoint), {phase: 'scanning'}),
    login: (next) => {
      login = next;
    },
    confirm: async (endpoint, keys) => {
      await access.trust(endpoint, keys);
      begin(endpoint, survey(endpoint));
    },
    skip: (endpoint) => begin(endpoint, Promise.resolve({phase: 'skipped'}), {phase: 'skipped'}),
    state,
    settled: async (endpoints) => {
      await finished(endpoints);
      const confirmed = endpoints.filter((each) => login && state(each)?.phase === 'confirmed');
      for (const each of confirmed) begin(each, survey(each));
      await finished(confirmed);
    },
    stop: () => ended.abort(),
  };
}

/** The states of all servers; of several surveys of one server, the last one counts. */
function newStates() {
  const states = new Map<string, SurveyState>();
  const latest = new Map<string, Promise<void>>();
  const set = (endpoint: Endpoint, state: SurveyState) => void states.set(endpointOf(endpoint), state);
  const begin = (endpoint: Endpoint, work: Promise<SurveyState>, current?: SurveyState) => {
    const id = endpointOf(endpoint);
    if (current) set(endpoint, current);
    const own: Promise<void> = work.catch(failed).then((state) => {
      if (latest.get(id) === own) states.set(id, state);
    });
    latest.set(id, own);
  };
  const finished = async (endpoints: readonly Endpoint[]) => {
    await Promise.all(endpoints.map((each) => latest.get(endpointOf(each))));
  };
  return {set, begin, finished, state: (endpoint: Endpoint) => states.get(endpointOf(endpoint))};
}

interface Judging {
  readonly access: ServerAccess;
  readonly pinned: readonly string[];
  readonly signal: AbortSignal;
}

/** Trusts the known keys of a server; undefined if it has one, else the state in which the survey ends. */
async function judgeKeys(endpoint: Endpoint, {access, pinned, signal}: Judging): Promise<SurveyState | undefined> {
  const keys = await access.scan(endpoint, signal);
  const standings = await Promise.all(keys.map((key) => access.standing(key, endpoint)));
  const sound = keys.filter((key, at) => standings[at] === 'known' || pinned.includes(key.fingerprint));
  if (standings.includes('revoked')) return {phase: 'failed', failure: revoked(endpoint)};
  if (sound.length === 0 && standings.includes('changed')) return {phase: 'failed', failure: changed(endpoint, keys)};
  if (sound.length === 0) return {phase: 'unconfirmed', keys};
  await access.trust(endpoint, sound);
  return undefined;
}

function failed(error: unknown): SurveyState {
  if (error instanceof HostError) return {phase: 'failed', failure: error.failure};
  // The background survey was stopped.
  if (error instanceof Error && error.name === 'AbortError') return {phase: 'skipped'};
  throw error;
}

function revoked({address}: Endpoint): Failure {
  const hint = 'Create new ones on the server: sudo rm /etc/ssh/ssh_host_* && sudo ssh-keygen -A';
  return {reason: 'host-key-changed', message: `${address} shows a host key that known_hosts revokes`, hint};
}

function changed({address, port = 22}: Endpoint, keys: readonly HostKey[]): Failure {
  const name = port === 22 ? address : `'[${address}]:${port}'`;
  const shown = keys[0] ? ` (it shows ${keys[0].type} ${keys[0].fingerprint})` : '';
  return {
    reason: 'host-key-changed',
    message: `${address} shows a host key that differs from the one in known_hosts${shown}`,
    hint: `If it was installed again: ssh-keygen -R ${name} (in a project, also with -f inventory/known_hosts). If not, an attacker may be in between.`,
  };
}

/** The files with known host keys, and the one for keys that are trusted now. */
interface HostKeyFiles {
  /** The directory of the project. */
  readonly root: string;
  /** Read, never written: the user's own, and the project's. */
  readonly files: readonly string[];
  /** A file that belongs to this run. */
  readonly trusted: string;
}

/** Access to real servers, over a transport. */
export function openServerAccess(
  {root, files, trusted}: HostKeyFiles,
  transport: Transport,
  scan: ScanHostKeys,
): ServerAccess {
  return {
    scan: ({address, port = 22}, signal) => scan(address, port, {signal}),
    standing: (key, {address, port = 22}) => standingOf([key], address, port, [...files, trusted]),
    trust: ({address, port = 22}, keys) => trustHostKeys(trusted, address, port, keys),
    survey: (endpoint, login, signal) => survey(hostAt(endpoint, login, {root, trusted}), {transport, signal}),
  };
}

/** The host as it will be in the inventory of the project. */
function hostAt({address, port = 22}: Endpoint, {user, identityFile}: SshLogin, known: Omit<HostKeyFiles, 'files'>) {
  const identity = identityFile ? {identityFile: expandHome(identityFile)} : {};
  const all = {vars: {user, knownHostsFile: known.trusted, ...identity}, hosts: {server: {address, port}}};
  const {hosts} = parseInventory(JSON.stringify({all}), join(known.root, 'inventory', 'hosts.yml'));
  const [host] = hosts;
  if (!host) throw new Error('an inventory of one host has none');
  return host;
}
