import {isMap, isScalar, LineCounter, parseDocument, Scalar, stringify} from 'yaml';
import {type Diagnostic, InputError, type Position} from '../../model/index.js';

const HEAD = `# One secret a line, name: "value". Take a line out and the secret goes; add one and it is kept.
# This file is deleted when the editor ends.
`;

/** Secrets in clear as a text for an editor. */
export function renderClear(values: ReadonlyMap<string, string>): string {
  const lines = [...values].map(([name, clear]) => stringify({[name]: scalar(clear)}, {lineWidth: 0}));
  return `${HEAD}\n${lines.join('')}`;
}

/** What an operator made of it. Throws `InputError` with the lines that are wrong, never with what stands there. */
export function parseClear(text: string, file: string): ReadonlyMap<string, {clear: string; at: Position}> {
  const lineCounter = new LineCounter();
  // Every value is a text, whatever number or word it looks like.
  const {contents, errors} = parseDocument(text, {schema: 'failsafe', prettyErrors: false, lineCounter});
  const faults: Diagnostic[] = [];
  const positionOf = (offset: number) => {
    const {line, col} = lineCounter.linePos(offset);
    return {file, line, column: col};
  };
  for (const {pos, code} of errors) faults.push({...(FAULTS[code] ?? NO_YAML), at: positionOf(pos[0])});
  const values = new Map<string, {clear: string; at: Position}>();
  for (const {key, value} of isMap(contents) ? contents.items : []) {
    const at = positionOf((isScalar(key) ? key.range?.[0] : undefined) ?? 0);
    if (isScalar(key) && typeof key.value === 'string' && isScalar(value) && typeof value.value === 'string')
      values.set(key.value, {clear: value.value, at});
    else faults.push({message: 'this is no name with a text', hint: 'write name: "value"', at});
  }
  const blank = contents === null || (isScalar(contents) && contents.value === '');
  if (!isMap(contents) && !blank) faults.push({...NO_YAML, at: positionOf(0)});
  if (faults.length > 0) throw new InputError(faults);
  return values;
}

const NO_YAML = {
  message: 'this line cannot be read',
  hint: 'write name: "value", with \\" for a quote and \\\\ for a backslash',
};

const FAULTS: Readonly<Record<string, {message: string; hint: string}>> = {
  DUPLICATE_KEY: {message: 'this name is given twice', hint: 'keep one of the two'},
};

function scalar(clear: string): Scalar {
  const made = new Scalar(clear);
  made.type = clear.includes('\n') ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
  return made;
}
