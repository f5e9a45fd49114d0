import {type Signature, SymbolFlags, type Type, type Symbol as TypeSymbol} from 'typescript/unstable/sync';
import {entriesBySection} from './entries.js';
import {type Option, optionsOf} from './options.js';
import {SECTIONS} from './sections.js';
import {nameOf, signatureOf, sourceOf, spelledOut, type Types, typeOf, withTypes} from './types.js';

/** The reference as Markdown, made from the types of the project in a directory and their comments. */
export function renderReference(directory: string): string {
  return withTypes(directory, (types) => {
    const entries = entriesBySection(types);
    const index = SECTIONS.map(({title}) => `- [${title}](#${anchor(title)}): ${linksTo(entries.get(title) ?? [])}`);
    const chapters = SECTIONS.map(({title, intro, isOpaque = false}) => {
      const texts = (entries.get(title) ?? []).map((name) => renderEntry(types, name, isOpaque));
      return [`## ${title}`, intro, ...texts].join('\n\n');
    });
    return `${[HEAD, index.join('\n'), ...chapters].join('\n\n')}\n`;
  });
}

const HEAD = `# Reference

Everything that \`import {…} from 'infra'\` gives. This page is made from the types and their comments by \`npm run docs\`;
a test compares the two.`;

const anchor = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z_ -]/g, '')
    .replaceAll(' ', '-');

const linksTo = (names: readonly string[]) => names.map((name) => `[${name}](#${anchor(headingOf(name))})`).join(', ');

/** Where a function has the same name, but for its first letter, headings would share an anchor. */
const headingOf = (name: string) => (SAME_AS_FUNCTION.includes(name) ? `${name} (type)` : name);

const SAME_AS_FUNCTION = ['OwnCertificate', 'Playbook', 'Play', 'Command'];

function renderEntry(types: Types, name: string, isOpaque: boolean): string {
  const symbol = types.exports.get(name);
  if (symbol === undefined) throw new Error(`there is no export ${name}`);
  const comment = symbol.getDocumentationComment(types.checker) || PLAIN[name];
  if (!comment) throw new Error(`${name} has no comment`);
  const parts = [
    `### ${headingOf(name)}`,
    paragraphs(comment),
    exampleOf(types, symbol),
    isOpaque ? '' : detailsOf(types, symbol),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What is not of this project. */
const PLAIN: Readonly<Record<string, string>> = {z: '[zod](https://zod.dev), for the options of a role of your own.'};

/** Lines that belong together become one. */
function paragraphs(comment: string): string {
  return comment
    .split(/\n\s*\n/)
    .map((each) => each.replaceAll(/\s+/g, ' ').trim())
    .join('\n\n');
}

function exampleOf({checker}: Types, symbol: TypeSymbol): string {
  const texts = symbol
    .getJsDocTags(checker)
    .filter(({name}) => name === 'example')
    .map(({text}) => String(text ?? '').trim());
  return texts.map((text) => `\`\`\`ts\n${text}\n\`\`\``).join('\n\n');
}

function detailsOf(types: Types, symbol: TypeSymbol): string {
  const signature = signatureOf(types, symbol);
  if (signature !== undefined)
    return [...headOf(types, symbol), ...parametersOf(types, symbol.name, signature)].join('\n\n');
  if (symbol.flags & SymbolFlags.TypeAlias) return aliasOf(sourceOf(types, symbol));
  if (!(symbol.flags & (SymbolFlags.Interface | SymbolFlags.Class))) return '';
  const fields = optionsOf(types, typeOf(types, symbol));
  return /Options|Definition|Request$/.test(symbol.name) ? renderOptions(symbol.name, fields) : renderFields(fields);
}

const aliasOf = (source: string) =>
  `\`${oneLine(
    spelledOut(source)
      .replace(/^export type \w+<[^>]*>/, '')
      .replace(/^.*?=\s*\|?\s*/s, '')
      .replace(/;$/, '')
      .replaceAll('readonly ', ''),
  )}\``;

/** How it is called, where that is not with its options alone. */
function headOf(types: Types, symbol: TypeSymbol): readonly string[] {
  const call = nameOf(types, typeOf(types, symbol))
    .replaceAll(/\{[^{}]*\}: /g, 'options: ')
    .replaceAll(/\?: \(([^()]*)\) \| undefined/g, '?: $1')
    .replaceAll(/(\?: [^,()]*?) \| undefined/g, '$1');
  const [, given, result] = /^(?:<.*?>)?(\(.*\)) => (.*)$/s.exec(call) ?? [];
  if (given === undefined || given.startsWith('(spec: ') || /^Role(Constructor<Input>)?$/.test(result ?? '')) return [];
  return [`\`${symbol.name}${given}: ${result}\``];
}

function parametersOf(types: Types, name: string, signature: Signature): readonly string[] {
  const given = signature.getParameters().map((_, index) => types.checker.getParameterType(signature, index));
  const options = given
    .flatMap((type) => (type === undefined ? [] : objectsIn(types, type)))
    .flatMap((type) => optionsOf(types, type));
  const once = options.filter((option, index) => {
    return options.findIndex(({name}) => name === option.name) === index && !isRepeated(option, options);
  });
  return once.length > 0 ? [renderOptions(name, once)] : [];
}

/** Of a list whose members take the options of the whole, the name is enough. */
function isRepeated({name, about}: Option, options: readonly Option[]): boolean {
  const whole = name.replace(/^\w+\[\]\./, '');
  return whole !== name && options.some((other) => other.name === whole && other.about === about);
}

/** The objects of options among alternatives, but those that have a place of their own. */
function objectsIn(types: Types, type: Type): readonly Type[] {
  const members = type.isUnionType() ? (type.getTypes() ?? []) : [];
  if (members.length > 0 && members.every((each) => nameOf(types, each).startsWith('{'))) return [type];
  if (type.isUnionType() || type.isIntersectionType())
    return (type.getTypes() ?? []).flatMap((each) => objectsIn(types, each));
  const name = nameOf(types, type);
  const isNamed = /^[A-Z]\w+(Spec|Options|Request|Files)$/.test(name) && !['TaskOptions', 'RoleOptions'].includes(name);
  return isNamed || name.startsWith('{') ? [type] : [];
}

function renderOptions(of: string, options: readonly Option[]): string {
  const silent = options.filter(({about, fallback}) => about === '' && fallback === undefined).map(({name}) => name);
  if (silent.length > 0) throw new Error(`${of}: no comment tells what these are: ${silent.join(', ')}`);
  const rows = options.map(({name, type, need, fallback = '', about}) => {
    return [code(name), code(type), NEED[need] ?? fallback, about];
  });
  return table(['option', 'type', 'default', ''], rows);
}

const NEED = {always: '**required**', either: '**one of the two**', none: undefined} as const;

function renderFields(fields: readonly Option[]): string {
  return table(
    ['', 'type', ''],
    fields.map(({name, type, need, about}) => [code(need === 'none' ? `${name}?` : name), code(type), about]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${oneLine(text)}\``;

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
