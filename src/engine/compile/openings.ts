import {
  audienceHosts,
  type Declaration,
  InputError,
  type Inventory,
  type Item,
  type Items,
  itemsOf,
  type Listening,
  type Note,
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
  const openings = saidIn(plays, context).flatMap(({item, role, at}) => {
    if (!('listens' in item)) return [];
    // What a role declares, its line has asked for.
    checkAudiences(item, context.inventory, role === '' ? (item.at ?? at) : at);
    return [{...item, role}];
  });
  return eachOnce(openings);
}

/** What the roles of these plays declare of the services on a host, in the order of the plays. Throws what roles throw. */
export function declarationsOf(plays: readonly Play[], context: Omit<RoleContext, 'openings'>): readonly Declaration[] {
  return saidIn(plays, context).flatMap(({item}) => ('declares' in item ? [item] : []));
}

/** What is in plays besides tasks and roles. */
interface Said {
  readonly item: Listening | Note | Declaration;
  /** The role that it comes from, empty outside any. */
  readonly role: string;
  /** The line that asks for it. */
  readonly at: Position | undefined;
}

function saidIn(plays: readonly Play[], context: Omit<RoleContext, 'openings'>): Said[] {
  const asking: RoleContext = {...context, openings: () => []};
  return plays.flatMap((play) =>
    inItems(play.items, {role: '', at: play.at}, {...asking, host: withVariables(context.host, play)}),
  );
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

type Origin = Omit<Said, 'item'>;

function inItems(items: Items, origin: Origin, context: RoleContext): Said[] {
  return items.flatMap((item) => inItem(item, origin, context));
}

function inItem(item: Item, origin: Origin, context: RoleContext): Said[] {
  if (Array.isArray(item)) return inItems(item, origin, context);
  // Array.isArray does not narrow readonly arrays away.
  const single = item as Exclude<Item, readonly Item[]>;
  if (typeof single === 'function') {
    return inItems(itemsOf(single(context), {what: 'a function of the host', at: origin.at}), origin, context);
  }
  if ('listens' in single || 'note' in single || 'declares' in single) return [{item: single, ...origin}];
  if (!('compile' in single)) return [];
  return inItems(single.compile(context), {role: single.name, at: single.at ?? origin.at}, context);
}
