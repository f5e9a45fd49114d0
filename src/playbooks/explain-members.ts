import {
  check,
  didYouMean,
  type Facts,
  type Host,
  type Inventory,
  type PlaybookContext,
  type RoleContext,
} from '../model/index.js';
import type {Explained} from './explain-calls.js';

type Names<T> = Readonly<Record<keyof T, true>>;

const HOST: Names<Required<Host>> = {
  name: true,
  address: true,
  port: true,
  user: true,
  become: true,
  identityFiles: true,
  knownHostsFiles: true,
  groups: true,
  vars: true,
  at: true,
};

const FACTS: Names<Facts> = {
  hostname: true,
  os: true,
  codename: true,
  version: true,
  architecture: true,
  cpus: true,
  memory: true,
  addresses: true,
  interfaces: true,
  client: true,
  database: true,
};

const ROLE_CONTEXT: Names<RoleContext> = {
  host: true,
  facts: true,
  inventory: true,
  group: true,
  factsOf: true,
  factsIfReached: true,
  openings: true,
};

const PLAYBOOK_CONTEXT: Names<PlaybookContext> = {secret: true, inventory: true, authority: true, recipients: true};

const INVENTORY: Pick<Names<Inventory>, 'file' | 'files' | 'hosts' | 'groups'> = {
  file: true,
  files: true,
  hosts: true,
  groups: true,
};

/** What playbooks are given, by its type: in words, and its members. */
const GIVEN: Readonly<Record<string, readonly [words: string, members: object]>> = {
  Facts: ['the facts of a host have', FACTS],
  Host: ['a host has', HOST],
  Inventory: ['the inventory has', INVENTORY],
  PlaybookContext: ["the playbook's function is given", PLAYBOOK_CONTEXT],
  RoleContext: ['a function of the host is given', ROLE_CONTEXT],
};

/** What the compiler says of a member that does not exist, or of a value whose kind it does not know. */
export function explainMember(text: string): Explained | undefined {
  const [, name, type = '', near] =
    /^Property '([^']+)' does not exist on type '([\s\S]*?)'\.(?: Did you mean '(\w+)'\?)?/.exec(text) ?? [];
  if (name !== undefined) return unknownMember(name, type, near);
  const [, unknown] = /^'([^']+)' is of type 'unknown'/.exec(text) ?? [];
  if (unknown !== undefined) return unknownKind(unknown);
  const [, maybe] = /^(?:'([^']+)'|Object) is possibly '(?:undefined|null)'/.exec(text) ?? [];
  if (/ is possibly '/.test(text)) {
    return {message: `${maybe ?? 'this'} may be undefined`, hint: 'Write ?. after it, or check first that it exists.'};
  }
  const [, parameter] = /^(?:Parameter|Binding element) '([^']+)' implicitly has an 'any' type/.exec(text) ?? [];
  if (parameter === undefined) return undefined;
  return {message: `the type of "${parameter}" is not known`, hint: `Write it after the name: (${parameter}: string).`};
}

function unknownMember(name: string, type: string, near: string | undefined): Explained {
  const [, plain = ''] = /^(\w+)(?:<[\s\S]*>)?$/.exec(type) ?? [];
  if (type.startsWith('ReadonlyMap<string, readonly Host')) {
    return {message: `groups has no member "${name}"`, hint: `Write inventory.groups.get('${name}') ?? [].`};
  }
  const [words, members] = GIVEN[plain] ?? ['this has', {}];
  const names = [...(near === undefined ? [] : [near]), ...Object.keys(members)];
  const all = names.length === 0 ? undefined : `The names are: ${names.join(', ')}.`;
  return {
    message: `${words} no "${name}"`,
    hint: didYouMean(name, names) ?? (near && `Did you mean "${near}"?`) ?? all,
  };
}

/** A value of which the compiler knows nothing, as a variable of the inventory is without a schema. */
export function unknownKind(written: string): Explained {
  const [, variable] = /^(?:\w+\.)?vars(?:\.|\[')(\w+)/.exec(written) ?? [];
  if (variable === undefined) {
    return {
      message: `the type of ${check.isObject(written) ? 'this' : written} is not known`,
      hint: "Check its type first: typeof value === 'string'.",
    };
  }
  return {
    message: `the type of the variable "${variable}" is not known`,
    hint: `Declare it in the playbook's options: {vars: z.object({${variable}: z.string()})}.`,
  };
}
