/** Where in a call an offset of a playbook's text is. */
export interface PlaceInCall {
  /** The function that is called. */
  readonly callee: string;
  /** The number of the argument, from 0. */
  readonly argument: number;
  /** The names and indices that lead to it in the argument; empty for the argument itself. */
  readonly path: readonly (string | number)[];
  /** What is written there, and what is in the argument as a whole. */
  readonly written: WrittenText;
  readonly whole: WrittenText;
}

/** An expression: its text, and its value where that is written out. */
export interface WrittenText {
  readonly text: string;
  /** `OPAQUE`, also inside, for what only a run can say. */
  readonly value: unknown;
}

/** Stands for a value that is not written out. */
export const OPAQUE = Symbol('not written out');

/** The innermost call around an offset of a text, where a word or a bracket begins; undefined outside any. */
export function callAt(text: string, offset: number): PlaceInCall | undefined {
  const tokens = tokensOf(text);
  const index = tokens.findIndex(({start}) => start === offset);
  const token = tokens[index];
  if (token === undefined) return undefined;
  const frames = framesAt(tokens, index);
  const call = frames.findLastIndex(({open}) => open === '(');
  const {callee, argument, start} = frames[call] ?? {};
  if (callee === undefined || argument === undefined || start === undefined) return undefined;
  const inner = frames.slice(call + 1);
  const last = inner.at(-1);
  const isKey = last?.open === '{' && last.key === undefined;
  const path = inner.map(({open, key, argument: at}) => (open === '[' ? at : (key ?? token.text)));
  const value = isKey && tokens[index + 1]?.text === ':' ? index + 2 : index;
  return {callee, argument, path, written: expressionAt(tokens, value), whole: expressionAt(tokens, start)};
}

/** The word at an offset of a text. */
export const wordAt = (text: string, offset: number): string => /^[\w$]+/.exec(text.slice(offset))?.[0] ?? '';

interface Token {
  readonly text: string;
  readonly start: number;
}

/** An open bracket, and how far inside it the text has come. */
interface Frame {
  readonly open: string;
  readonly callee: string | undefined;
  /** Commas so far. */
  readonly argument: number;
  /** Of an object: the key whose value is being written. */
  readonly key: string | undefined;
  /** The first token after the last comma. */
  readonly start: number;
}

const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|\d[\w.]*|[\w$]+|=>|\.{3}|\s+|[\s\S]/g;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/\w*/y;

/** Without white space and comments. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    REGEX.lastIndex = found.index;
    const before = tokens.at(-1)?.text ?? '(';
    // After a value, a slash divides.
    const regex = found[0] === '/' && !/[\w$)\]}'"`]$/.test(before) ? REGEX.exec(text) : null;
    const token = regex?.[0] ?? found[0];
    TOKEN.lastIndex = found.index + token.length;
    if (!/^(?:\s|\/\/|\/\*)/.test(token)) tokens.push({text: token, start: found.index});
  }
  return tokens;
}

/** The brackets that are open before a token, outermost first. */
function framesAt(tokens: readonly Token[], end: number): readonly Frame[] {
  const frames: Frame[] = [];
  for (const [index, {text}] of tokens.slice(0, end).entries()) {
    const before = tokens[index - 1];
    const top = frames.at(-1);
    if (/^[([{]$/.test(text)) {
      const callee = text === '(' && before && isWord(before) ? before.text : undefined;
      frames.push({open: text, callee, argument: 0, key: undefined, start: index + 1});
    } else if (/^[)\]}]$/.test(text)) frames.pop();
    else if (top && text === ',') {
      frames.splice(-1, 1, {...top, argument: top.argument + 1, key: undefined, start: index + 1});
    } else if (top?.open === '{' && text === ':' && top.key === undefined && before) {
      frames.splice(-1, 1, {...top, key: nameIn(before.text)});
    }
  }
  return frames;
}

const isWord = ({text}: Token) => /^[A-Za-z_$][\w$]*$/.test(text);

/** A name without its quotes. */
const nameIn = (text: string) => text.replace(/^(['"])(.*)\1$/, '$2');

/** What is written from a token on, up to the comma or bracket that ends it. */
function expressionAt(tokens: readonly Token[], first: number): WrittenText {
  const end = endOf(tokens, first);
  const parts = tokens.slice(first, end);
  const spaced = parts.map(({text, start}, index) => {
    const before = parts[index - 1];
    return before && before.start + before.text.length < start ? ` ${text}` : text;
  });
  return {text: spaced.join(''), value: valueIn(parts)};
}

function endOf(tokens: readonly Token[], first: number): number {
  let depth = 0;
  for (let index = first; index < tokens.length; index++) {
    const {text} = tokens[index] ?? {text: ''};
    if (depth === 0 && /^[,;)\]}]$/.test(text)) return index;
    if (/^[([{]$/.test(text)) depth++;
    if (/^[)\]}]$/.test(text)) depth--;
  }
  return tokens.length;
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
]);

function valueIn(tokens: readonly Token[]): unknown {
  const [{text} = {text: ''}] = tokens;
  if (tokens.length === 1) {
    if (/^['"]/.test(text)) return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
    if (/^\d/.test(text)) return Number(text.replaceAll('_', ''));
    return WORDS.has(text) ? WORDS.get(text) : OPAQUE;
  }
  if (endOf(tokens, 1) !== tokens.length - 1 && partsOf(tokens).length < 2) return OPAQUE;
  if (text === '[' && tokens.at(-1)?.text === ']') return partsOf(tokens).map(valueIn);
  if (text !== '{' || tokens.at(-1)?.text !== '}') return OPAQUE;
  const members = partsOf(tokens);
  if (members.some(([first]) => first?.text === '...')) return OPAQUE;
  return Object.fromEntries(members.map(memberOf));
}

function memberOf([name, colon, ...value]: readonly Token[]): [string, unknown] {
  return [nameIn(name?.text ?? ''), colon?.text === ':' ? valueIn(value) : OPAQUE];
}

/** The entries of a list or an object, between its commas. */
function partsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: (readonly Token[])[] = [];
  for (let first = 1; first < tokens.length - 1; ) {
    const end = endOf(tokens, first);
    parts.push(tokens.slice(first, end));
    first = end + 1;
  }
  return parts;
}
