import type {Secret} from '../../shell/index.js';
import type {Authority} from '../authority.js';
import type {Facts, Host, Inventory} from '../inventory/inventory.js';
import {callSite, type Position} from '../position.js';
import {type Checks, isObject, list, optional, text} from './checks.js';
import {checkItems} from './items.js';
import type {Listening, Opening} from './listening.js';
import {checkOptions} from './options.js';
import {checkRollout, ROLLOUT_OPTIONS, type RolloutOptions} from './rollout.js';
import type {Task} from './task.js';
import {tags} from './task-options.js';

/** What a role knows when it turns into tasks for one host. */
export interface RoleContext {
  /** The host it is for. */
  readonly host: Host;
  /** Facts of that host. */
  readonly facts: Facts;
  /** All hosts, in or out of `--limit`. */
  readonly inventory: Inventory;
  /**
   * The hosts of a group. Throws `InputError` when the inventory has no such group; where a group may be missing:
   * `inventory.groups.get(name) ?? []`.
   */
  group(name: string): readonly Host[];
  /**
   * Facts of another host of the inventory, also of one outside `--limit`: they are read, and nothing on that host is
   * changed or locked. When it cannot be reached, the host that needs it fails and says so.
   */
  factsOf(host: Host): Facts;
  /** What all roles of the playbook declare to listen to on this host, whatever this run leaves out, in their order. */
  openings(): readonly Opening[];
}

/** A named pure function from host and inventory to tasks. */
export interface Role {
  readonly name: string;
  /** All its tasks have them. */
  readonly tags?: readonly string[];
  readonly at: Position | undefined;
  compile(context: RoleContext): Items;
}

/** What every role accepts besides its own options. */
export interface RoleOptions {
  /** For `--tags` and `--skip-tags`: all its tasks have them. */
  readonly tags?: string | readonly string[];
}

/**
 * What stands in a play: tasks, roles, what they listen to, functions of the host that give these, and lists of them.
 */
export type Item = Task | Role | Listening | ((context: RoleContext) => Item) | readonly Item[];
/** A list of what may stand in a play. */
export type Items = readonly Item[];

/** The options of a play. */
export interface PlayOptions extends RolloutOptions {
  /** Which hosts: a group or host name, or an Ansible pattern such as `web:!web2`. */
  readonly hosts: string;
  /** Plays that must have ended on all their hosts before this one starts. */
  readonly needs?: readonly string[];
  /** All its tasks have them. */
  readonly tags?: string | readonly string[];
}

/** A part of a playbook: what some hosts get. Made by `play`. */
export interface Play extends PlayOptions {
  readonly name: string;
  readonly needs: readonly string[];
  readonly items: Items;
  readonly at: Position | undefined;
}

/**
 * Where a secret comes from that is not kept in the project: an environment variable, a file (a relative path starts
 * from the project's directory), or what a program prints: `{command: ['pass', 'show', 'app/db']}`, run on this machine
 * without a shell. Where that is one line, its line break is not part of it.
 */
export type SecretSource =
  | {readonly env: string}
  | {readonly file: string}
  | {readonly command: readonly [program: string, ...args: string[]]};

/** What a playbook can ask for while it is made. */
export interface PlaybookContext {
  /**
   * A secret by name: from the environment (`mysql/app` is `INFRA_SECRET_MYSQL_APP`), else from where `source` says,
   * else from the project's encrypted file, where it is made on first use.
   */
  secret(name: string, source?: SecretSource): Secret;
  /** All hosts, in or out of `--limit`. */
  readonly inventory: Inventory;
  /** The project's certification authority; it is made on first use. Rejects with `InputError`. */
  authority(): Promise<Authority>;
}

type Plays = readonly Play[] | Promise<readonly Play[]>;

/** The options of a playbook. */
export interface PlaybookOptions {
  /** What it does where the command line names no tags: only tasks with one of these. Default: everything. */
  readonly tags?: readonly string[];
}

/** What a file of playbooks/ exports by default. Made by `playbook`. */
export interface Playbook extends PlaybookOptions {
  readonly name: string;
  plays(context: PlaybookContext): Plays;
}

/**
 * A playbook says who gets what. `plays` may be a function when it needs secrets or the inventory.
 *
 * @example
 * playbook('hello', [play('web', {hosts: 'web'}, [apt('nginx'), service({name: 'nginx'})])])
 */
export function playbook(
  name: string,
  plays: readonly Play[] | ((context: PlaybookContext) => Plays),
  options: PlaybookOptions = {},
): Playbook {
  checkOptions(PLAYBOOK, {...options, name}, {what: 'playbook'});
  return {...options, name, plays: (context) => (typeof plays === 'function' ? plays(context) : plays)};
}

/**
 * Roles and tasks for the hosts of a pattern. Plays run side by side on different hosts, in the order written on one.
 * Throws `InputError` for options that are not known or of another type, and for items that are neither tasks nor
 * roles.
 *
 * @example
 * play('web', {hosts: 'web', serial: [1, '25%'], needs: ['database']}, [nginx({port: 8080})])
 */
export function play(name: string, options: PlayOptions, items: Items): Play {
  const called = {what: typeof name === 'string' ? `play "${name}"` : 'play', at: callSite()};
  checkOptions(PLAY, isObject(options) ? {...options, name} : options, called);
  checkRollout(name, options);
  return {...options, name, needs: options.needs ?? [], items: checkItems(items, called), at: called.at};
}

const PLAYBOOK: Checks<PlaybookOptions & Pick<Playbook, 'name'>> = {name: text, tags: optional(list(text))};

const PLAY: Checks<PlayOptions & Pick<Play, 'name'>> = {
  name: text,
  hosts: text,
  needs: optional(list(text)),
  tags,
  ...ROLLOUT_OPTIONS,
};
