import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import {type Diagnostic, faultAt, type Position, type SourceText} from '../model/index.js';

/** One `key: value` of a mapping; aliases and merges (`<<`) are followed. */
export interface YamlEntry {
  readonly key: string;
  /** Offset of the key, and of its value (the key's where there is none). */
  readonly keyAt: number;
  readonly valueAt: number;
  /** Undefined where nothing, or `null`, is written. */
  readonly node: Node | undefined;
}

/** A YAML text while it is read. Faults are collected, not thrown, so that all of them are shown at once. */
export interface Yaml {
  readonly source: SourceText;
  readonly root: YamlEntry;
  report(offset: number, message: string, hint?: string): void;
  /** The entries of a mapping; none, and a fault, when it is something else. `what` names it in the message. */
  entries(entry: YamlEntry, what: string): YamlEntry[];
  value(entry: YamlEntry): unknown;
  position(offset: number): Position | undefined;
  /** In the order of the file. Faults after the first syntax fault are left out: most follow from it. */
  faults(): Diagnostic[];
}

/** Parses YAML 1.2 with merge keys. A value with one of `tags` is read as text. */
export function openYaml(source: SourceText, tags: readonly string[] = []): Yaml {
  const lineCounter = new LineCounter();
  const customTags = tags.map((tag) => ({tag, resolve: (text: string) => text}));
  const document = parseDocument(source.text, {merge: true, prettyErrors: false, lineCounter, customTags});
  const found: {offset: number; fault: Diagnostic}[] = [];
  const report = (offset: number, message: string, hint?: string) => {
    found.push({offset, fault: faultAt(source, offset, message, hint)});
  };
  for (const error of [...document.errors, ...document.warnings]) report(error.pos[0], ...wording(error));
  visit(document, {
    Alias: (_, alias, path) => reportAlias(report, alias, alias.resolve(document), path),
  });
  const breaks = document.errors.filter(({code}) => code !== 'DUPLICATE_KEY').map(({pos}) => pos[0]);
  const broken = Math.min(...breaks, Number.POSITIVE_INFINITY);
  const settled = found.splice(0);
  return {
    source,
    root: entryOf(document, '', 0, document.contents),
    report,
    entries: (entry, what) => entriesOf(document, report, entry, what),
    value: (entry) => valueIn(document, report, entry),
    position: (offset) => faultAt(source, offset, '').at,
    faults: () =>
      [...settled, ...found.filter(({offset}) => offset < broken)]
        .sort((left, right) => left.offset - right.offset)
        .map(({fault}) => fault),
  };
}

/** The value as plain data. The only fault that can be left is a `<<` in it that does not merge a mapping. */
function valueIn(document: Document, report: Report, {node, key, valueAt}: YamlEntry): unknown {
  try {
    return node?.toJS(document, {maxAliasCount: -1});
  } catch {
    report(valueAt, `"<<" in "${key}" merges something that is not a mapping`, 'Name an alias of a mapping.');
    return undefined;
  }
}

/** Reports an alias without an anchor, and one inside of its own anchor. */
function reportAlias(report: Report, alias: Alias, target: Node | undefined, path: readonly unknown[]): void {
  const at = alias.range?.[0] ?? 0;
  if (target === undefined)
    report(at, `there is no anchor "&${alias.source}" above`, 'Add one, or put the text in quotes.');
  else if (path.includes(target))
    report(at, `"*${alias.source}" is inside of its own anchor`, 'Write the value itself.');
}

type Report = Yaml['report'];

function entriesOf(document: Document, report: Report, entry: YamlEntry, what: string, seen: Node[] = []): YamlEntry[] {
  const {node} = entry;
  if (node === undefined || seen.includes(node)) return [];
  if (!isMap(node)) {
    report(entry.valueAt, `${what} must be a mapping, not ${kindOf(node)}`, mappingHint(node, what));
    return [];
  }
  const own = new Map<string, YamlEntry>();
  const merged: YamlEntry[] = [];
  for (const {key, value} of node.items) {
    const keyAt = (isNode(key) ? key.range?.[0] : undefined) ?? entry.valueAt;
    const read = entryOf(document, '<<', keyAt, value);
    if (isMergeKey(key)) merged.push(...mergedEntries(document, report, read, [...seen, node]));
    else if (isScalar(key) && typeof key.value === 'string') own.set(key.value, {...read, key: key.value});
    else report(keyAt, `a name in ${what} must be text`, 'Put it in quotes.');
  }
  return [...merged.filter(({key}) => !own.has(key)), ...own.values()];
}

/** Of several merged mappings the first wins. */
function mergedEntries(document: Document, report: Report, entry: YamlEntry, seen: Node[]): YamlEntry[] {
  const sources = isSeq(entry.node)
    ? entry.node.items.map((item) => entryOf(document, '<<', entry.valueAt, item))
    : [entry];
  const merged = new Map<string, YamlEntry>();
  for (const source of sources.reverse()) {
    for (const each of entriesOf(document, report, source, 'what "<<" merges', seen)) merged.set(each.key, each);
  }
  return [...merged.values()];
}

function entryOf(document: Document, key: string, keyAt: number, value: unknown): YamlEntry {
  const node = isAlias(value) ? value.resolve(document) : value;
  const present = isNode(node) && !(isScalar(node) && node.value === null) ? node : undefined;
  const valueAt = present && isNode(value) ? (value.range?.[0] ?? keyAt) : keyAt;
  return {key, keyAt, valueAt, node: present};
}

// The parser gives keys and values as `unknown`; whatever has a `range` is one of its nodes.
const isNode = (value: unknown): value is Node => value instanceof Object && 'range' in value;

const isMergeKey = (key: unknown) => isScalar(key) && typeof key.value === 'symbol';

function kindOf(node: Node): string {
  if (isSeq(node)) return 'a list';
  return isScalar(node)
    ? `the ${typeof node.value === 'string' ? 'text' : typeof node.value} "${node.source ?? node.value}"`
    : 'this';
}

function mappingHint(node: Node, what: string): string | undefined {
  if (isSeq(node)) return 'Write each as "name:" instead of "- name".';
  return what.startsWith('host ') && isScalar(node)
    ? `If that is its address, write {address: ${node.source}}.`
    : undefined;
}

const WORDINGS: Readonly<Record<string, readonly [string, string?]>> = {
  DUPLICATE_KEY: ['one mapping has this key twice', 'Join the two, or remove one.'],
  TAB_AS_INDENT: ['this line is indented with a tab', 'Indent it with spaces.'],
  BAD_INDENT: ['this line is not indented like its neighbours', 'Indent all keys of one mapping alike.'],
  MULTILINE_IMPLICIT_KEY: ['a ":" is missing at the end of this line', 'Write it as "name:".'],
  BLOCK_AS_IMPLICIT_KEY: ['this line has a second ": "', 'Put text that has one in quotes.'],
  BAD_SCALAR_START: ['plain text cannot begin with this character', 'Put it in quotes.'],
  MULTIPLE_DOCS: ['a second document starts here', 'Keep one document in a file.'],
};

function wording({code, message}: YAMLError): [string, string?] {
  const [text, hint] = WORDINGS[code] ?? [];
  const [, closing] = /must be sufficiently indented and end with a ([}\]])/.exec(message) ?? [];
  if (closing)
    return [`a "${closing === '}' ? '{' : '['}" above this line is not closed`, `Close it with "${closing}".`];
  if (/^Missing closing ["']/.test(message)) return ['a quotation mark above this line is not closed', 'Close it.'];
  if (message.includes('!vault')) return ['Ansible Vault values are not read', 'Use secret() in the playbook instead.'];
  return text === undefined ? [message.replace(/\.$/, '')] : hint === undefined ? [text] : [text, hint];
}
