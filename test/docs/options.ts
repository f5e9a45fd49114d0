import {SymbolFlags, type Type, type Symbol as TypeSymbol} from 'typescript/unstable/sync';
import {nameOf, sourceOf, spelledOut, type Types} from './types.js';

/** One thing that can be said: an option, or a field of what a function is given. */
export interface Option {
  /** `tls.names`, `users[].name` for those within another. */
  readonly name: string;
  readonly type: string;
  /** `either`: it or the options that stand in its place, where they can be written in two ways. */
  readonly need: 'always' | 'either' | 'none';
  /** In words or as a value; undefined when there is none to tell. */
  readonly fallback: string | undefined;
  readonly about: string;
}

/**
 * The options of a type in the order written, each followed by those within it. `path` stands before their names. Throws
 * when the comment and the schema tell different defaults.
 */
export function optionsOf(types: Types, type: Type, path = ''): readonly Option[] {
  const members = type.isUnionType() ? (type.getTypes() ?? []) : [type];
  const all = members.flatMap((each) => types.checker.getPropertiesOfType(each));
  const once = all.filter(({name}, index) => all.findIndex((each) => each.name === name) === index);
  const own = type.getSymbol()?.declarations[0]?.path;
  return inOrder(
    types,
    own,
    once.filter(({name}) => !isInternal(name)),
  ).flatMap((property) =>
    optionOf(types, property, path, all.filter(({name}) => name === property.name).length === members.length),
  );
}

/** As written: first what the type has of its own, then what it has from each other file. */
function inOrder({project}: Types, own: string | undefined, properties: readonly TypeSymbol[]): readonly TypeSymbol[] {
  const files = [own, ...properties.map(({declarations}) => declarations[0]?.path)];
  const placed = properties.map((property) => {
    const [declaration] = property.declarations;
    return {property, file: files.indexOf(declaration?.path), at: declaration?.resolve(project)?.pos ?? 0};
  });
  return placed.sort((left, right) => left.file - right.file || left.at - right.at).map(({property}) => property);
}

/** Private, or of the language rather than of the thing. */
const isInternal = (name: string) => name.startsWith('__');

function optionOf(types: Types, property: TypeSymbol, path: string, isShared: boolean): readonly Option[] {
  const type = types.checker.getTypeOfSymbol(property);
  if (type === undefined) throw new Error(`${path}${property.name} has no type`);
  const name = `${path}${property.name}`;
  const within = nested(types, type);
  const {about, fallback} = defaultIn(property.getDocumentationComment(types.checker));
  const source = sourceOf(types, property);
  return [
    {
      name,
      type: within === undefined ? (writtenType(source) ?? nameOf(types, type)) : within.isList ? '{…}[]' : '{…}',
      need: property.flags & SymbolFlags.Optional ? 'none' : isShared ? 'always' : 'either',
      fallback: agreed(name, fallback, schemaDefault(source)),
      about,
    },
    ...(within === undefined ? [] : optionsOf(types, within.type, within.isList ? `${name}[].` : `${name}.`)),
  ];
}

/** The anonymous object that an option is, or is a list of. */
function nested(types: Types, type: Type): {type: Type; isList: boolean} | undefined {
  const [only, ...others] = (type.isUnionType() ? (type.getTypes() ?? []) : [type]).filter(
    (each) => nameOf(types, each) !== 'undefined',
  );
  if (only === undefined || others.length > 0) return undefined;
  const element =
    types.checker.isArrayType(only) && only.isTypeReference() ? types.checker.getTypeArguments(only)[0] : undefined;
  const object = element ?? only;
  const isAnonymous =
    object.isObjectType() &&
    object.getAliasSymbol() === undefined &&
    /^(\{|SysctlSetting$)/.test(nameOf(types, object));
  return isAnonymous ? {type: object, isList: element !== undefined} : undefined;
}

/** The type in the words of an interface: the order of its alternatives is its author's. */
function writtenType(source: string): string | undefined {
  const [, written] = /^readonly [\w']+\??: (.*?);?$/s.exec(source) ?? [];
  const plain = written?.replace(/ \| undefined$/, '').replace(/^\((\(.*\) => .*)\)$/, '$1');
  return plain?.includes('Pick<') ? undefined : plain && spelledOut(plain);
}

/** Takes the sentence about the default out of a comment. */
function defaultIn(comment: string): {about: string; fallback: string | undefined} {
  const text = comment.replaceAll(/\s+/g, ' ').trim();
  const [sentence = '', value, more] = /(?:^|(?<=[.:] ))Default:? (.+?)(?:; (.+?))?\.(?= |$)/.exec(text) ?? [];
  const rest = more === undefined ? '' : `${more.charAt(0).toUpperCase()}${more.slice(1)}.`;
  return {about: (sentence === '' ? text : text.replace(sentence, rest)).replaceAll('  ', ' ').trim(), fallback: value};
}

/** A plain value that a schema gives what is left out. */
function schemaDefault(source: string): string | undefined {
  return /\.default\(('[^']*'|[\d_]+|true|false)\),?$/.exec(source)?.[1]?.replaceAll('_', '').replaceAll("'", '`');
}

function agreed(name: string, told: string | undefined, set: string | undefined): string | undefined {
  if (told === undefined || set === undefined || told.includes(set.replaceAll('`', ''))) return told ?? set;
  throw new Error(`${name}: its comment tells the default ${told}, its schema has ${set}`);
}
