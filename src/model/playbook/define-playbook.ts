import {InputError} from '../diagnostic.js';
import type {Variables} from '../inventory/inventory.js';
import {callSite} from '../position.js';
import {type Check, type Checks, custom, isObject, list, optional, text} from './checks.js';
import {checkItems} from './items.js';
import {checkOptions} from './options.js';
import type {Items, Play, Playbook, PlaybookContext, PlaybookOptions, PlayOptions, Plays} from './playbook.js';
import {checkRollout, ROLLOUT_OPTIONS} from './rollout.js';
import {tags} from './task-options.js';
import type {VariablesSchema} from './variables.js';

/** Plays, or a function that makes them. */
type Given<Vars extends Variables> = readonly Play<Vars>[] | ((context: PlaybookContext) => Plays<Vars>);

/**
 * A playbook says what each group of hosts gets. The options may be left out: `playbook('site', [play(…)])`. `plays` may
 * be a function when it needs secrets or the inventory. Throws `InputError` for options that are unknown or of another
 * type.
 *
 * @example
 * playbook('hello', {vars: z.object({domain: z.string()})}, [
 *   play('web', {hosts: 'web'}, [({host}) => nginx({serverName: host.vars.domain})]),
 * ])
 */
export function playbook<Vars extends Variables>(
  name: string,
  options: PlaybookOptions<Vars>,
  plays: Given<NoInfer<Vars>>,
): Playbook;
export function playbook(name: string, plays: Given<Variables>): Playbook;
export function playbook(name: string, ...rest: readonly unknown[]): Playbook {
  const [given, options = {}] = [...rest].reverse();
  if (Array.isArray(options) || typeof options === 'function') throw new InputError([OPTIONS_LAST]);
  const {vars, ...own} = checkedOptions(name, options);
  return {
    ...own,
    name,
    plays: async (context) => {
      // What plays are is checked when the playbook is loaded.
      const plays = (await (typeof given === 'function' ? given(context) : given)) as readonly Play[];
      return vars === undefined || !Array.isArray(plays) ? plays : plays.map((each: Play) => ({vars, ...each}));
    },
  };
}

const OPTIONS_LAST = {
  message: 'the options of a playbook must be before its plays',
  hint: "Write playbook('site', {tags: ['web']}, [play(…)]).",
};

function checkedOptions(name: string, options: unknown): PlaybookOptions {
  const given: unknown = isObject(options) ? {...options, name} : options;
  checkOptions(PLAYBOOK, given, {what: 'playbook', at: callSite()});
  const {name: _, ...rest} = given;
  return rest;
}

/**
 * Roles and tasks for the hosts of a pattern. Plays run side by side on different hosts, in the order written on one.
 * Throws `InputError` for options that are not known or of another type, and for items that are neither tasks nor
 * roles.
 *
 * @example
 * play('web', {hosts: 'web', serial: [1, '25%'], needs: ['database']}, [nginx({port: 8080})])
 */
export function play<Own extends Variables = never, Vars extends Variables = Variables>(
  name: string,
  options: PlayOptions<Own>,
  items: Items<[Own] extends [never] ? Vars : Own>,
): Play<Vars> {
  const called = {what: typeof name === 'string' ? `play "${name}"` : 'play', at: callSite()};
  checkOptions(PLAY, isObject(options) ? {...options, name} : options, called);
  checkRollout(name, options);
  // With a schema of its own a play does not depend on the playbook's: its functions get what that schema makes.
  const own = checkItems(items, called) as Items<Vars>;
  return {...options, name, needs: options.needs ?? [], items: own, at: called.at};
}

const schema: Check<VariablesSchema> = custom(
  'a schema',
  'Write vars: z.object({domain: z.string()}).',
  (value) => isObject(value) && 'safeParse' in value && typeof value.safeParse === 'function',
);

const PLAYBOOK: Checks<PlaybookOptions & Pick<Playbook, 'name'>> = {
  name: text,
  tags: optional(list(text)),
  vars: optional(schema),
};

const PLAY: Checks<PlayOptions & Pick<Play, 'name'>> = {
  name: text,
  hosts: text,
  needs: optional(list(text)),
  tags,
  vars: optional(schema),
  ...ROLLOUT_OPTIONS,
};
