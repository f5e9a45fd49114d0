import type {Secret} from '../../shell/index.js';
import type {Authority} from '../authority.js';
import type {Facts, Host, Inventory, Variables} from '../inventory/inventory.js';
import type {Position} from '../position.js';
import type {Declaration} from './declaration.js';
import type {Listening, Opening} from './listening.js';
import type {Note} from './note.js';
import type {RolloutOptions} from './rollout.js';
import type {Task} from './task.js';
import type {VariablesSchema} from './variables.js';

/** What a role knows when it turns into tasks for one host. */
export interface RoleContext<Vars extends Variables = Variables> {
  /** The host it is for. */
  readonly host: Host<Vars>;
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
  /** The same, but undefined for a host that cannot be reached: for roles that must decide without it. */
  factsIfReached(host: Host): Facts | undefined;
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
 * What stands in a play: tasks, roles, what these declare and note, functions of the host that give these, and lists of
 * them.
 */
export type Item<Vars extends Variables = Variables> =
  | Task
  | Role
  | Listening
  | Note
  | Declaration
  | ((context: RoleContext<Vars>) => Item<Vars>)
  | readonly Item<Vars>[];
/** A list of what may be in a play. */
export type Items<Vars extends Variables = Variables> = readonly Item<Vars>[];

/** The options of a play. */
export interface PlayOptions<Vars extends Variables = Variables> extends RolloutOptions {
  /** Which hosts: a group or host name, or an Ansible pattern such as `web:!web2`. */
  readonly hosts: string;
  /** Plays that must have ended on all their hosts before this one starts. */
  readonly needs?: readonly string[];
  /** All its tasks have them. */
  readonly tags?: string | readonly string[];
  /** What the variables of its hosts must be. Default: what the playbook says. */
  readonly vars?: VariablesSchema<Vars>;
}

/** A part of a playbook: what some hosts get. Made by `play`. */
export interface Play<Vars extends Variables = Variables> extends PlayOptions {
  readonly name: string;
  readonly needs: readonly string[];
  readonly items: Items<Vars>;
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
  /**
   * The age recipients (`age1…`) of the project, `secrets/recipients.txt`: who can read its secrets, for whatever else is
   * encrypted for the same people. A project without them gets an identity of yours first. Rejects with `InputError`.
   */
  recipients(): Promise<readonly string[]>;
}

/** The plays of a playbook, which may be made first: of secrets, for instance. */
export type Plays<Vars extends Variables = Variables> = readonly Play<Vars>[] | Promise<readonly Play<Vars>[]>;

/** The options of a playbook. */
export interface PlaybookOptions<Vars extends Variables = Variables> {
  /** What it does where the command line names no tags: only tasks with one of these. Default: everything. */
  readonly tags?: readonly string[];
  /**
   * What the variables of hosts must be: `z.object({domain: z.string()})`. Functions in the plays then have them as
   * `host.vars`, with their types and defaults, and a variable that is wrong or missing is reported at its line of the
   * inventory, before any connection.
   */
  readonly vars?: VariablesSchema<Vars>;
}

/** What a file of playbooks/ exports by default. Made by `playbook`. */
export interface Playbook extends Pick<PlaybookOptions, 'tags'> {
  readonly name: string;
  plays(context: PlaybookContext): Plays;
}
