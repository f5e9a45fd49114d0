import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {isMap, isScalar, isSeq, type Node} from 'yaml';
import {openYaml, type Yaml, type YamlEntry} from '../inventory/yaml.js';
import {errorCode} from '../local/read-file.js';
import {didYouMean, InputError, type Problem} from '../model/index.js';
import {SERVER_ROLES} from '../project/choices.js';
import {ANSWERS} from '../project/index.js';
import {type Answers, addServers, type Parsed, type ServerAnswer} from './answers.js';
import {nameFault, parseServer, parseServers} from './parse-servers.js';
import {parseDirectory, parseFingerprint, parsePort, parseWord} from './parse-values.js';
import {QUESTIONS} from './questions.js';

/** The answers of a file. Throws `InputError` with every fault, its line and column. */
export function loadAnswers(file: string): Answers {
  return parseAnswers(read(file), file);
}

/**
 * The answers file in a project's directory; undefined if there is none. Throws `InputError`.
 */
export function loadOwnAnswers(root: string): Answers | undefined {
  const file = join(root, ANSWERS);
  // A project without a key file uses the keys of the agent.
  return existsSync(file) ? {identityFile: '', ...parseAnswers(read(file), file, true)} : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = errorCode(cause) ?? '';
    const reason = code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${code})`;
    throw new InputError([
      {
        message: `the answers file ${file}: ${reason}`,
        hint: 'Give the path of an answers file; a project has one named infra.answers.yml.',
      },
    ]);
  }
}

/**
 * Answers in YAML, under the keys of the questions. A value is the same text that the flag takes; lists, and the forms
 * in which a project keeps its own answers, are allowed too. `written`, which a project keeps next to them, is ignored.
 * In a project's `own` answers, files of the machine that it was made on need not exist.
 */
export function parseAnswers(text: string, file: string, own = false): Answers {
  const yaml = openYaml({file, text});
  const answers = readAll({...yaml, own}, yaml.entries(yaml.root, 'an answers file'));
  const faults = yaml.faults();
  if (faults.length > 0) throw new InputError(faults);
  return answers;
}

/** Reads each entry with the answers before it: a key is compared with the certificate before it. */
function readAll(yaml: Reader, entries: readonly YamlEntry[], before: Answers = {}): Answers {
  const answers: Answers = {...before};
  for (const entry of entries) Object.assign(answers, readEntry(yaml, entry, answers));
  return answers;
}

function readEntry(yaml: Reader, entry: YamlEntry, before: Answers): Answers {
  if (entry.key === 'written' || (entry.node === undefined && KEYS.includes(entry.key))) return {};
  if (entry.key === 'servers') return {servers: readServers(yaml, entry)};
  if (entry.key === 'hostKeys') return {hostKeys: readFingerprints(yaml, entry)};
  if (entry.key === 'directory') return {directory: String(yaml.value(entry))};
  if (isMap(entry.node) && (entry.key === 'tls' || entry.key === 'content')) return readKind(yaml, entry, before);
  const question = QUESTIONS.find(({name}) => name === entry.key);
  if (question === undefined) {
    yaml.report(
      entry.keyAt,
      `there is no question "${entry.key}"`,
      didYouMean(entry.key, KEYS) ?? `The questions are ${KEYS.join(', ')}.`,
    );
    return {};
  }
  const text = textOf(yaml, entry);
  if (yaml.own && text !== undefined && OF_ONE_MACHINE.includes(entry.key)) return {[entry.key]: text};
  return text === undefined ? {} : (taken(yaml, entry.valueAt, question.parse(text, before)) ?? {});
}

interface Reader extends Yaml {
  readonly own: boolean;
}

const OF_ONE_MACHINE: readonly string[] = ['identityFile', 'certificate', 'key'];

const KEYS = ['servers', ...QUESTIONS.map(({name}) => name), 'directory', 'hostKeys'];

/**
 * `tls: {kind: files, certificate: …, key: …}` and `content: {kind: directory, directory: …}`, as a project keeps them.
 */
function readKind(yaml: Reader, entry: YamlEntry, before: Answers): Answers {
  const entries = yaml.entries(entry, `"${entry.key}"`);
  const allowed =
    entry.key === 'tls' ? ['kind', 'certificate', 'key', 'email', 'directory'] : ['kind', 'directory', 'port'];
  const isKnown = ({key, keyAt}: YamlEntry) => {
    if (!allowed.includes(key))
      yaml.report(
        keyAt,
        `"${entry.key}" has no "${key}"`,
        didYouMean(key, allowed) ?? `Its keys are ${allowed.join(', ')}.`,
      );
    return allowed.includes(key);
  };
  const known = entries.filter(isKnown).map((each) => ({...each, key: each.key === 'kind' ? entry.key : each.key}));
  if (entry.key === 'tls') return readAll(yaml, known, before);
  const [value] = [...known.filter(({key}) => key !== 'content'), ...known.filter(({key}) => key === 'content')];
  if (value?.key === 'directory')
    return {content: taken(yaml, value.valueAt, parseDirectory(String(yaml.value(value)))) ?? {kind: 'page'}};
  return value ? readEntry(yaml, {...value, key: 'content'}, before) : {};
}

function readServers(yaml: Reader, entry: YamlEntry): readonly ServerAnswer[] {
  const items = isMap(entry.node) ? yaml.entries(entry, '"servers"') : itemsOf(entry);
  return items.reduce<readonly ServerAnswer[]>((before, item) => addServers(before, readServer(yaml, item)), []);
}

/** A text that the flag takes, or a mapping; in a mapping of servers the key is the name. */
function readServer(yaml: Reader, item: YamlEntry): readonly ServerAnswer[] {
  const name = item.key === '' ? undefined : item.key;
  if (!isMap(item.node)) {
    const {servers, faults} = parseServers(String(yaml.value(item)));
    for (const {message, hint} of faults) yaml.report(item.valueAt, message, hint);
    return servers.map((server) => ({...server, name: server.name ?? name}));
  }
  const entries = yaml.entries(item, 'a server');
  const found = Object.assign({}, ...entries.map((each) => readServerKey(yaml, each))) as Partial<ServerAnswer>; // each gives keys of it
  if (found.address !== undefined) return [{...found, name: found.name ?? name, address: found.address}];
  if (!entries.some(({key}) => key === 'address'))
    yaml.report(item.valueAt, 'this server has no address', 'Add one: address: 192.0.2.10');
  return [];
}

const SERVER_KEYS = ['name', 'address', 'port', 'privateAddress', 'roles', 'user'];

function readServerKey(yaml: Reader, {...entry}: YamlEntry): Partial<ServerAnswer> {
  const {key, valueAt, keyAt} = entry;
  const text = key === 'roles' ? '' : textOf(yaml, entry);
  if (text === undefined) return {};
  switch (key) {
    case 'name':
      return taken(yaml, valueAt, nameFault(text) ?? {value: {name: text}}) ?? {};
    case 'address':
      return saidIn(taken(yaml, valueAt, parseServer(text)));
    case 'privateAddress':
      return {privateAddress: taken(yaml, valueAt, parseServer(text))?.address};
    case 'port':
      return {port: taken(yaml, valueAt, parsePort(text))};
    case 'user':
      return {user: text};
    case 'roles':
      return {
        roles: listOf(entry).flatMap(
          (each) => taken(yaml, each.valueAt, parseWord(String(yaml.value(each)), SERVER_ROLES)) ?? [],
        ),
      };
    default:
      yaml.report(
        keyAt,
        `a server has no "${key}"`,
        didYouMean(key, SERVER_KEYS) ?? `Its keys are ${SERVER_KEYS.join(', ')}.`,
      );
      return {};
  }
}

const readFingerprints = (yaml: Reader, entry: YamlEntry) =>
  listOf(entry).flatMap((each) => taken(yaml, each.valueAt, parseFingerprint(String(yaml.value(each)))) ?? []);

/** A text, a number, or a list of these. */
function textOf(yaml: Reader, entry: YamlEntry): string | undefined {
  const items = listOf(entry);
  const odd = items.find(({node}) => !isScalar(node));
  if (odd) yaml.report(odd.valueAt, `"${entry.key}" must be text or a list of texts`);
  return odd ? undefined : items.map((each) => String(yaml.value(each))).join(', ');
}

const listOf = (entry: YamlEntry) => (isSeq(entry.node) ? itemsOf(entry) : [entry]);

function itemsOf(entry: YamlEntry): readonly YamlEntry[] {
  if (!isSeq(entry.node)) return entry.node === undefined ? [] : [entry];
  // Items of a parsed sequence are nodes.
  return (entry.node.items as Node[]).map((node) => {
    const at = node.range?.[0] ?? entry.valueAt;
    return {key: '', keyAt: at, valueAt: at, node};
  });
}

function taken<T>(yaml: Reader, at: number, parsed: Parsed<T> | {readonly fault: Problem}): T | undefined {
  if (!('fault' in parsed)) return parsed.value;
  yaml.report(at, parsed.fault.message, parsed.fault.hint);
  return undefined;
}

/** Only what the address says: it must not override other keys with undefined. */
function saidIn(server: ServerAnswer | undefined): Partial<ServerAnswer> {
  return Object.fromEntries(Object.entries(server ?? {}).filter(([, value]) => value !== undefined));
}
