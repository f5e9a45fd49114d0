import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {checkPlays, hostsOf, type Planned, planAll, type Selection, unknownNames} from '../engine/index.js';
import {loadInventory} from '../inventory/index.js';
import type {Project} from '../local/project.js';
import {cacheDirectory} from '../local/this-machine.js';
import {
  type Authority,
  type Host,
  InputError,
  type Inventory,
  type Listener,
  type Play,
  type PlaybookContext,
  selectHosts,
} from '../model/index.js';
import {checkTypes, explainError, loadPlaybook} from '../playbooks/index.js';
import {openSecrets, type Secrets} from '../secrets/index.js';
import type {Transport} from '../transport/index.js';
import {assumedContext} from './assumed-context.js';
import type {Console} from './console.js';
import {defaultInventory} from './default-inventory.js';
import {type HeadStart, headStart} from './head-start.js';
import {loadLimit} from './load-limit.js';
import type {PlanningOptions} from './planning-options.js';
import {tracedIfAsked} from './transport.js';

/** The user's files, loaded and found sound. */
export interface Session {
  readonly project: Project;
  readonly playbook: string;
  readonly inventory: Inventory;
  readonly plays: readonly Play[];
  readonly hosts: readonly Host[];
  readonly selection: Selection;
  /** Masks every secret that the playbook has, wherever it stands in a text. */
  mask(text: string): string;
  readonly early: HeadStart;
  readonly transport: Transport;
  readonly secrets: Secrets;
  /** The templates and local files that were read so far. Absolute paths. */
  readonly opened: Set<string>;
}

/** Loads inventory, playbook and secrets. Rejects with `InputError` for all of their faults, before any connection. */
export async function loadSession(
  project: Project,
  options: PlanningOptions,
  out: Console,
  early = headStart(project, options),
): Promise<Session> {
  const inventory = loadInventory(options.inventory ?? defaultInventory(project));
  const checking = refuseWrongTypes(options.playbook, path.join(cacheDirectory(project.env), 'types'), out);
  const [compiled, secrets] = await Promise.all([checking, openSecrets(project, out.notice)]);
  out.maskWith(secrets.mask);
  const playbook = await loadPlaybook(options.playbook, compiled);
  const authority = projectAuthority(project.root, secrets, out);
  const asked: PlaybookContext = {inventory, secret: secrets.get, authority, recipients: secrets.recipients};
  const plays = await makeWithSecrets(secrets, () =>
    explainErrors(options.playbook, async () => playbook.plays(asked)),
  );
  checkPlays(plays, inventory, options);
  const hosts = chosenHosts(plays, inventory, options);
  refuseUnknownNames({plays, hosts, inventory}, options.playbook);
  early.remember(hosts);
  const choice = {plays, hosts, selection: selectionOf(options, playbook.tags)};
  const connecting = {early, transport: tracedIfAsked(early.transport, hosts, options, out)};
  const found = {playbook: playbook.name, inventory, ...choice, ...connecting};
  return {project, ...found, mask: secrets.mask, secrets, opened: new Set()};
}

/** Checks the types of a playbook. Returns its JavaScript if the check has made it. Rejects with `InputError`. */
async function refuseWrongTypes(playbook: string, cache: string, out: Console): Promise<string | undefined> {
  const {diagnostics, skipped, notice, compiled} = await checkTypes(playbook, cache);
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  if (notice) out.notice(notice);
  if (skipped) out.notice(`The types of ${playbook} were not checked: ${skipped}.`);
  return compiled;
}

/** Makes it again with the kept secret when another run generates a secret of the same name at the same time. */
async function makeWithSecrets<T>(secrets: Secrets, make: () => Promise<T>): Promise<T> {
  const made = await make();
  return (await secrets.save()) ? made : makeWithSecrets(secrets, make);
}

/** Shows what the playbook's own code throws at its line. */
async function explainErrors<T>(playbook: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw error instanceof InputError ? error : explainError(error, playbook);
  }
}

/** Throws `InputError` for groups and hosts in the plays that the inventory does not have. */
function refuseUnknownNames(scope: Pick<Session, 'plays' | 'hosts' | 'inventory'>, playbook: string): void {
  const faults = unknownNames(scope, (host) => assumedContext(host, scope.inventory));
  if (faults.length > 0) throw explainError(new InputError(faults), playbook);
}

/** Connects to the hosts, reads their state and plans. */
export async function planSession({early, ...session}: Session, listener: Listener): Promise<readonly Planned[]> {
  const opened = (file: string) => void session.opened.add(file);
  const templateDirectories = [path.join(session.project.root, 'templates'), OUR_TEMPLATES];
  const environment = {templateDirectories, opened, contents: new Map()};
  const planned = await planAll({...session, listener, environment, reach: early.reach});
  await early.close();
  // Roles and functions of a host may have asked for more secrets.
  if (await session.secrets.save()) return planned;
  await closeAll(planned);
  throw new InputError([
    {message: 'another run has generated secrets of the same name in the meantime', hint: 'Run it again.'},
  ]);
}

/** Ends the connections of a plan. */
export async function closeAll(planned: readonly Planned[]): Promise<void> {
  await Promise.all(planned.map((each) => each.close()));
}

/** The templates that come with this package. */
export const OUR_TEMPLATES = fileURLToPath(new URL('../../../templates', import.meta.url));

function selectionOf({tags: wanted, skipTags, startAtTask}: PlanningOptions, usual?: readonly string[]): Selection {
  const tags = wanted ?? usual;
  return {...(tags && {tags}), ...(skipTags && {skipTags}), ...(startAtTask && {startAt: startAtTask})};
}

function chosenHosts(
  plays: readonly Play[],
  inventory: Inventory,
  {limit, allowEmpty}: PlanningOptions,
): readonly Host[] {
  const all = hostsOf(plays, inventory);
  const limited = limit === undefined ? all : limitedHosts(inventory, limit);
  const left = all.filter((host) => limited.includes(host));
  if (allowEmpty) return left;
  const what = limit === undefined ? 'no play of the playbook has a host of the inventory' : undefined;
  return noneLeft(left, what ?? `--limit ${limit} leaves no host of the playbook`);
}

/** The hosts of `--limit`. Faults of the pattern are reported for the option. */
function limitedHosts(inventory: Inventory, limit: string): readonly Host[] {
  const pattern = loadLimit(limit);
  try {
    return selectHosts(inventory, pattern);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.diagnostics.map((each) => ({...each, message: `--limit ${limit}: ${each.message}`})));
  }
}

function noneLeft(hosts: readonly Host[], message: string): readonly Host[] {
  if (hosts.length > 0) return hosts;
  throw new InputError([{message, hint: 'Compare the groups of the inventory with the hosts: of the plays.'}]);
}

/**
 * The authority of the project in the directory `root`, for playbooks. It is opened once, when it is first asked for.
 */
function projectAuthority(root: string, secrets: Secrets, {notice}: Console): () => Promise<Authority> {
  let opened: Promise<Authority> | undefined;
  return () => {
    opened ??= openProjectAuthority(root, secrets, notice);
    return opened;
  };
}

async function openProjectAuthority(root: string, secrets: Secrets, notice: Console['notice']): Promise<Authority> {
  const {openAuthority} = await import('../authority/index.js');
  const authority = await openAuthority({
    directory: path.join(root, 'secrets'),
    name: `${path.basename(root)} authority`,
    keys: {keep: (name, make) => secrets.keep(name, async () => make(), {file: 'authority'})},
    notice,
  });
  return {
    ...authority,
    issue: async (request) => {
      const leaf = await authority.issue(request);
      return {...leaf, key: secrets.hide(leaf.key)};
    },
  };
}
