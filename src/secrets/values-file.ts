import {type Document, isMap, isScalar, LineCounter, type Pair, parseDocument, Scalar, YAMLMap} from 'yaml';
import {type Diagnostic, InputError, type Position} from '../model/index.js';

/** One encrypted value: an armored age file, and the position of its name. */
export interface SealedValue {
  readonly armored: string;
  readonly at: Position;
}

/** The values of a file by name, in its order. */
export type SealedValues = ReadonlyMap<string, SealedValue>;

/**
 * Parses a file of encrypted values: a YAML map of readable names, each value one armored age file. Throws `InputError`
 * with every fault and its line; the line itself is not shown, because it may hold a value in clear.
 */
export function parseValues(text: string, file: string): SealedValues {
  return parse(text, file).values;
}

/**
 * The text with some values added (new names at the end), replaced or, where undefined, removed; everything else, also
 * comments, stays as it was. Throws `InputError` for a damaged text.
 */
export function editValues(text: string, file: string, changes: ReadonlyMap<string, string | undefined>): string {
  const {document} = parse(text === '' ? HEAD : text, file);
  if (document.contents === null) document.contents = new YAMLMap();
  for (const [name, armored] of changes) {
    if (armored === undefined) document.delete(name);
    else document.set(name, block(armored));
  }
  return document.toString({lineWidth: 0});
}

const HEAD = `# Each value is an age file, encrypted for recipients.txt next to this file. Change them with: infra secrets
`;

function block(armored: string): Scalar {
  const scalar = new Scalar(`${armored}\n`);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

function parse(text: string, file: string): {document: Document; values: SealedValues} {
  const lineCounter = new LineCounter();
  // Widened: an empty file has no contents yet.
  const document: Document = parseDocument(text, {prettyErrors: false, lineCounter});
  const faults: Diagnostic[] = [];
  const position = (offset: number): Position => {
    const {line, col} = lineCounter.linePos(offset);
    return {file, line, column: col};
  };
  // The parser's own message can quote the line.
  for (const {code, pos} of document.errors)
    faults.push({message: FAULTS[code] ?? 'this line is not YAML', at: position(pos[0]), hint: FIX});
  const {contents} = document;
  if (contents !== null && !isMap(contents))
    faults.push({message: 'this is not a map of names and encrypted values', at: position(0), hint: FIX});
  const values = new Map<string, SealedValue>();
  for (const pair of isMap(contents) ? contents.items : []) {
    const {name, armored, offset} = entryOf(pair);
    const at = position(offset);
    if (name === undefined) faults.push({message: 'this name is not a text', at, hint: 'Put it in quotes.'});
    else if (armored === undefined) faults.push(unsealed(name, at));
    else values.set(name, {armored, at});
  }
  if (faults.length > 0) throw new InputError(faults);
  return {document, values};
}

const FIX = 'Fix the file by hand, or restore it from version control: it is not overwritten.';

const FAULTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name is given twice: keep one of the two values',
  TAB_AS_INDENT: 'a tab where YAML needs spaces',
};

function entryOf({key, value}: Pair) {
  const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
  const text = isScalar(value) && typeof value.value === 'string' ? value.value.trim() : '';
  const offset = (isScalar(key) ? key.range?.[0] : undefined) ?? 0;
  return {name, armored: ARMORED.test(text) ? text : undefined, offset};
}

const ARMORED = /^-----BEGIN AGE ENCRYPTED FILE-----\n[A-Za-z0-9+/=\n]+\n-----END AGE ENCRYPTED FILE-----$/;

function unsealed(name: string, at: Position): Diagnostic {
  const hint = `Remove the line, then: infra secrets set ${name}. If it was a value in clear, choose another one.`;
  return {message: `the value of "${name}" is not encrypted`, at, hint};
}
