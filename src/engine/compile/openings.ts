import {
  audienceHosts,
  InputError,
  type Inventory,
  type Item,
  type Items,
  itemsOf,
  type Listening,
  type Opening,
  type Play,
  type Position,
  type RoleContext,
  withVariables,
} from '../../model/index.js';

/**
 * What the roles of these plays listen to on a host, in the order of the plays; each once. Roles that ask for openings
 * themselves, as a firewall does, get none while they are asked what they listen to. Throws what roles throw, and
 * `InputError` for audiences that the inventory does not have.
 */
export function openingsOf(plays: readonly Play[], context: Omit<RoleContext, 'openings'>): readonly Opening[] {
  const asking: RoleContext = {...context, openings: () => []};
  const inPlay = (play: Play) =>
    inItems(play.items, {role: '', at: play.at}, {...asking, host: withVariables(context.host, play)});
  return eachOnce(plays.flatMap(inPlay));
}

/**
 * Throws `InputError` for a group or a host that the inventory does not have: no client would be let in. `at`: the line
 * of the playbook that asks for it.
 */
export function checkAudiences({from, because}: Listening, inventory: Inventory, at: Position | undefined): void {
  try {
    for (const audience of from) audienceHosts(audience, inventory);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const named = error.diagnostics.map((each) => ({...each, message: `listens "${because}": ${each.message}`, at}));
    throw new InputError(named);
  }
}

/** Data in the same order, without what says the same as an earlier one; `about`: what of it is compared. */
export function eachOnce<Value>(values: readonly Value[], about: (value: Value) => unknown = (value) => value) {
  const first = new Map<string, Value>();
  for (const value of values) {
    const key = JSON.stringify(about(value));
    if (!first.has(key)) first.set(key, value);
  }
  return [...first.values()];
}

/** The role that an item comes from, empty outside any, and the line that asks for it. */
interface Origin {
  readonly role: string;
  readonly at: Position | undefined;
}

function inItems(items: Items, origin: Origin, context: RoleContext): Opening[] {
  return items.flatMap((item) => inItem(item, origin, context));
}

function inItem(item: Item, origin: Origin, context: RoleContext): Opening[] {
  if (Array.isArray(item)) return inItems(item, origin, context);
  // Array.isArray does not narrow readonly arrays away.
  const single = item as Exclude<Item, readonly Item[]>;
  if (typeof single === 'function') {
    return inItems(itemsOf(single(context), {what: 'a function of the host', at: origin.at}), origin, context);
  }
  if ('listens' in single) {
    // What a role declares, its line has asked for.
    checkAudiences(single, context.inventory, origin.role === '' ? (single.at ?? origin.at) : origin.at);
    return [{...single, role: origin.role}];
  }
  if (!('compile' in single)) return [];
  return inItems(single.compile(context), {role: single.name, at: single.at ?? origin.at}, context);
}
