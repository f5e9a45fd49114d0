import type {Item, Items, Opening, Play, RoleContext} from '../../model/index.js';

/**
 * What the roles of these plays listen to on a host, in the order of the plays; each once. Roles that ask for openings
 * themselves, as a firewall does, get none while they are asked what they listen to. Throws what roles throw.
 */
export function openingsOf(plays: readonly Play[], context: Omit<RoleContext, 'openings'>): readonly Opening[] {
  const asking: RoleContext = {...context, openings: () => []};
  return eachOnce(plays.flatMap(({items}) => inItems(items, '', asking)));
}

/** In the same order, without those that say the same as an earlier one. */
export function eachOnce(openings: readonly Opening[]): readonly Opening[] {
  const keys = openings.map((each) => JSON.stringify(each));
  return openings.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

function inItems(items: Items, role: string, context: RoleContext): Opening[] {
  return items.flatMap((item) => inItem(item, role, context));
}

function inItem(item: Item, role: string, context: RoleContext): Opening[] {
  if (Array.isArray(item)) return inItems(item, role, context);
  // Array.isArray does not narrow readonly arrays away.
  const single = item as Exclude<Item, readonly Item[]>;
  if (typeof single === 'function') return inItems(single(context), role, context);
  if ('listens' in single) return [{...single, role}];
  return 'compile' in single ? inItems(single.compile(context), single.name, context) : [];
}
