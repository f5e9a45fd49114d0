import {isMap, isScalar, LineCounter, parseDocument, Scalar, stringify} from 'yaml';
import type {Project} from '../../local/project.js';
import {type Diagnostic, InputError, type Position} from '../../model/index.js';
import {type Changes, checkLength, checkName, openStore, PASSWORDS, type Store} from '../../secrets/index.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';
import {editPrivately} from './edit-privately.js';

/** Lets the operator edit all passwords as one text, and keeps those that differ. Returns the exit code. */
export function editSecrets(project: Project): Promise<number> {
  const {stdin, env} = project;
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    if (!stdin.isTTY && !env.EDITOR && !env.VISUAL) throw new InputError([NO_TERMINAL]);
    const store = openStore(project, out.notice);
    const before = store.sealed(PASSWORDS);
    const opening = [...before].map(async ([name, value]) => [name, await store.open(name, value)] as const);
    const old = new Map(await Promise.all(opening));
    const edited = await editPrivately(project, renderClear(old), 'passwords.yaml', parse, out);
    if (edited === undefined) return 1;
    await keep(store, differences(old, edited), before, out);
    return 0;
  });
}

const NO_TERMINAL = {
  message: 'there is no terminal to edit on',
  hint: 'Give single secrets on standard input: infra secrets set NAME',
};

function parse(text: string, file: string): ReadonlyMap<string, string> {
  const values = parseClear(text, file);
  for (const [name, {clear, at}] of values) {
    checkName(name, at);
    checkLength(name, clear, 'this line', at);
  }
  return new Map([...values].map(([name, {clear}]) => [name, clear]));
}

function differences(old: ReadonlyMap<string, string>, edited: ReadonlyMap<string, string>): Changes {
  const changed = [...edited].filter(([name, clear]) => old.get(name) !== clear);
  const gone = [...old.keys()].filter((name) => !edited.has(name));
  return new Map<string, string | undefined>([...changed, ...gone.map((name) => [name, undefined] as const)]);
}

async function keep(store: Store, changes: Changes, before: ReturnType<Store['sealed']>, out: Console) {
  if (changes.size === 0) {
    out.notice('Nothing was changed.');
    return;
  }
  await store.edit(PASSWORDS, async () => {
    const now = store.sealed(PASSWORDS);
    const moved = [...changes.keys()].filter((name) => now.get(name)?.armored !== before.get(name)?.armored);
    if (moved.length === 0) return changes;
    const message = `another infra has changed ${moved.join(', ')} in the meantime; your changes were not kept`;
    throw new InputError([{message, hint: 'Edit again: infra secrets edit'}]);
  });
  out.notice(`Changed ${[...changes.keys()].join(', ')}. Servers get it with: infra apply`);
}

const HEAD = `# One secret a line, name: "value". Remove a line to delete the secret; add a line to keep a new one.
# This file is deleted when the editor ends.
`;

/** Secrets in clear, as a text for an editor. */
function renderClear(values: ReadonlyMap<string, string>): string {
  const lines = [...values].map(([name, clear]) => stringify({[name]: scalar(clear)}, {lineWidth: 0}));
  return `${HEAD}\n${lines.join('')}`;
}

/** The secrets in an edited text. Throws `InputError` with the places of wrong lines, never with their text. */
function parseClear(text: string, file: string): ReadonlyMap<string, {clear: string; at: Position}> {
  const lineCounter = new LineCounter();
  // Every value is a text, also if it looks like a number or a word of YAML.
  const {contents, errors} = parseDocument(text, {schema: 'failsafe', prettyErrors: false, lineCounter});
  const faults: Diagnostic[] = [];
  const positionOf = (offset: number) => {
    const {line, col} = lineCounter.linePos(offset);
    return {file, line, column: col};
  };
  for (const {pos, code} of errors) faults.push({...(FAULTS[code] ?? NOT_YAML), at: positionOf(pos[0])});
  const values = new Map<string, {clear: string; at: Position}>();
  for (const {key, value} of isMap(contents) ? contents.items : []) {
    const at = positionOf((isScalar(key) ? key.range?.[0] : undefined) ?? 0);
    if (isScalar(key) && typeof key.value === 'string' && isScalar(value) && typeof value.value === 'string')
      values.set(key.value, {clear: value.value, at});
    else faults.push({message: 'this is not a name with a text', hint: 'Write it as name: "value".', at});
  }
  const blank = contents === null || (isScalar(contents) && contents.value === '');
  if (!isMap(contents) && !blank) faults.push({...NOT_YAML, at: positionOf(0)});
  if (faults.length > 0) throw new InputError(faults);
  return values;
}

const NOT_YAML = {
  message: 'this line cannot be read',
  hint: 'Write name: "value", with \\" for a quote and \\\\ for a backslash.',
};

const FAULTS: Readonly<Record<string, {message: string; hint: string}>> = {
  DUPLICATE_KEY: {message: 'this name is given twice', hint: 'Keep one of the two.'},
};

function scalar(clear: string): Scalar {
  const made = new Scalar(clear);
  made.type = clear.includes('\n') ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
  return made;
}
