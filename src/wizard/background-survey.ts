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

/** How far the look at a server has come. */
export type SurveyState =
  | {readonly phase: 'scanning'}
  /** Its host keys are not known: somebody has to confirm one. */
  | {readonly phase: 'unconfirmed'; readonly keys: readonly HostKey[]}
  | {readonly phase: 'confirmed'}
  | {readonly phase: 'connecting'}
  | {readonly phase: 'seen'; readonly survey: Survey}
  | {readonly phase: 'failed'; readonly failure: Failure}
  /** The user goes on without. */
  | {readonly phase: 'skipped'};

/** Where SSH connects to. */
export type Endpoint = Pick<ServerAnswer, 'address' | 'port'>;

/** As whom and with which key; undefined: OpenSSH's usual ones. */
export interface SshLogin {
  readonly user: string;
  readonly identityFile: string | undefined;
}

/** What a background does to servers; `survey` finds the keys that were trusted. */
export interface ServerAccess {
  scan(endpoint: Endpoint, signal: AbortSignal): Promise<readonly HostKey[]>;
  /** Of one of the keys, by what is known on this machine and in the project. */
  standing(key: HostKey, endpoint: Endpoint): Promise<KeyStanding>;
  trust(endpoint: Endpoint, keys: readonly HostKey[]): Promise<void>;
  survey(endpoint: Endpoint, login: SshLogin, signal: AbortSignal): Promise<Survey>;
}

/** Looks at servers in the background while questions are answered. */
export interface BackgroundSurvey {
  /** Begins with a server; again after it failed. */
  start(endpoint: Endpoint): void;
  /** Who logs in; servers whose keys are confirmed are surveyed from now on, failed ones again. */
  login(login: SshLogin): void;
  /** A host key is the server's own. */
  confirm(endpoint: Endpoint, keys: readonly HostKey[]): Promise<void>;
  skip(endpoint: Endpoint): void;
  state(endpoint: Endpoint): SurveyState | undefined;
  /** Resolves when of these nothing is under way any more; undecided host keys are not under way. */
  settled(endpoints: readonly Endpoint[]): Promise<void>;
  stop(): void;
}

/** Fingerprints in `pinned` are trusted as if somebody had confirmed them. */
export function openBackgroundSurvey(access: ServerAccess, pinned: readonly string[] = []): BackgroundSurvey {
  const {see, begin, finished, state} = openBoard();
  const ended = new AbortController();
  let login: SshLogin | undefined;
  const survey = async (endpoint: Endpoint): Promise<SurveyState> => {
    if (!login) return {phase: 'confirmed'};
    see(endpoint, {phase: 'connecting'});
    return {phase: 'seen', survey: await access.survey(endpoint, login, ended.signal)};
  };
  const look = async (endpoint: Endpoint) =>
    (await judgeKeys(endpoint, {access, pinned, signal: ended.signal})) ?? survey(endpoint);
  return {
    start: (endpoint) => begin(endpoint, look(endpoint), {phase: 'scanning'}),
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

/** What is seen of each server; of several looks at one, the last counts. */
function openBoard() {
  const states = new Map<string, SurveyState>();
  const work = new Map<string, Promise<void>>();
  const see = (endpoint: Endpoint, state: SurveyState) => void states.set(endpointOf(endpoint), state);
  const begin = (endpoint: Endpoint, look: Promise<SurveyState>, meanwhile?: SurveyState) => {
    const id = endpointOf(endpoint);
    if (meanwhile) see(endpoint, meanwhile);
    const mine: Promise<void> = look.catch(failed).then((state) => {
      if (work.get(id) === mine) states.set(id, state);
    });
    work.set(id, mine);
  };
  const finished = async (endpoints: readonly Endpoint[]) => {
    await Promise.all(endpoints.map((each) => work.get(endpointOf(each))));
  };
  return {see, begin, finished, state: (endpoint: Endpoint) => states.get(endpointOf(endpoint))};
}

interface Judging {
  readonly access: ServerAccess;
  readonly pinned: readonly string[];
  readonly signal: AbortSignal;
}

/** Trusts the keys that are known; undefined when one is, else why the look ends here. */
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
  // The background was stopped: nobody looks any more.
  if (error instanceof Error && error.name === 'AbortError') return {phase: 'skipped'};
  throw error;
}

function revoked({address}: Endpoint): Failure {
  const hint = 'Make new ones on the server: sudo rm /etc/ssh/ssh_host_* && sudo ssh-keygen -A';
  return {reason: 'host-key-changed', message: `${address} shows a host key that known_hosts revokes`, hint};
}

function changed({address, port = 22}: Endpoint, keys: readonly HostKey[]): Failure {
  const name = port === 22 ? address : `'[${address}]:${port}'`;
  const shown = keys[0] ? ` (it shows ${keys[0].type} ${keys[0].fingerprint})` : '';
  return {
    reason: 'host-key-changed',
    message: `${address} shows another host key than known_hosts has for it${shown}`,
    hint: `If it was installed anew: ssh-keygen -R ${name} (of a project: also -f inventory/known_hosts). If not, somebody may be in between.`,
  };
}

/** Where host keys are known from, and where those that are trusted now are put. */
interface HostKeyFiles {
  /** The directory of the project. */
  readonly root: string;
  /** Looked into, never written: the user's own, and the project's. */
  readonly files: readonly string[];
  /** A file of this run's own. */
  readonly trusted: string;
}

/** Looks at real servers, over a transport. */
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

/** A host as the inventory that will be written has it. */
function hostAt({address, port = 22}: Endpoint, {user, identityFile}: SshLogin, known: Omit<HostKeyFiles, 'files'>) {
  const identity = identityFile ? {identityFile: expandHome(identityFile)} : {};
  const all = {vars: {user, knownHostsFile: known.trusted, ...identity}, hosts: {server: {address, port}}};
  const {hosts} = parseInventory(JSON.stringify({all}), join(known.root, 'inventory', 'hosts.yml'));
  const [host] = hosts;
  if (!host) throw new Error('an inventory of one host has none');
  return host;
}
