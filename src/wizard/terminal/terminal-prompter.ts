import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Project} from '../../local/project.js';
import {askConfirmation, askOne, askSeveral, askText, PromptInterrupted, themeFor} from '../../local/prompt.js';
import {interrupt} from '../../local/signals.js';
import {columnsOf, joined, paint, type StyledText, styled, terminalText, visible} from '../../model/index.js';
import {type Choice, hasUnicode, type Prompter, signsFor} from './prompter.js';

/** A terminal, and the environment that describes it. */
type Streams = Pick<Project, 'stdin' | 'stdout' | 'env'>;

/** Asks on the terminal of this process. All texts are shown as visible text. */
export function openTerminal(streams: Streams, color: boolean): Prompter {
  const {stdout, env} = streams;
  const unicode = hasUnicode(env);
  const theme = themeFor(unicode);
  const say = (text: StyledText) =>
    void stdout.write(terminalText(styled`${wrapLines(text, stdout.columns)}\n`, color));
  return {
    signs: signsFor(unicode),
    say,
    lines: (take) => readLines(take, say, streams),
    wait: (message, work) => waitFor(message, work, say, streams),
    text: async (text, {usual, refuse}) => {
      const shown = usual === undefined ? {} : {default: visible(usual)};
      // The default answer is shown as visible text; if that is given, the default itself is meant.
      const meant = (answer: string) => (usual !== undefined && answer === shown.default ? usual : answer.trim());
      const validate = (answer: string) => visibleReason(refuse?.(meant(answer))) ?? true;
      return meant(await askText({message: visible(text), theme, validate, ...shown}));
    },
    choose: async (text, choices, usual) => {
      const at = Math.max(0, ...choices.flatMap(({value}, index) => (value === usual ? index : [])));
      const list = {choices: rowsOf(choices), default: at, pageSize: PAGE, theme};
      return valueAt(choices, await askOne({message: visible(text), ...list}));
    },
    mark: async (text, choices) => {
      const rows = rowsOf(choices).map((row, at) => ({...row, checked: choices[at]?.checked ?? false}));
      const marked = await askSeveral({message: visible(text), choices: rows, pageSize: PAGE, theme});
      return marked.map((at) => valueAt(choices, at));
    },
    confirm: (text, usual) => askConfirmation({message: visible(text), default: usual, theme}),
  };
}

/** Rows of a list that are shown at once. */
const PAGE = 12;

const rowsOf = (choices: readonly Choice<unknown>[]) =>
  choices.map(({name, short = name, description}, value) => ({
    ...{name: visible(name), short: visible(short), value},
    ...(description && {description: visible(description)}),
  }));

const visibleReason = (reason: string | undefined) => (reason === undefined ? undefined : visible(reason));

function valueAt<T>(choices: readonly {readonly value: T}[], at: number): T {
  const choice = choices[at];
  if (!choice) throw new RangeError(`the answer ${at} was not offered`);
  return choice.value;
}

/** Milliseconds within which the next pasted line follows. */
const PASTE_GAP = 60;

/**
 * Keeps one reader for all lines: between two separate questions, lines that were pasted together would be lost. An
 * empty line inside of pasted text is not the end.
 */
function readLines(
  take: (line: string) => StyledText | undefined,
  say: (text: StyledText) => void,
  {stdin, stdout}: Streams,
): Promise<void> {
  const reader = createInterface({input: stdin, output: stdout, terminal: true, prompt: '  > '});
  return new Promise((resolve, reject) => {
    let ending: NodeJS.Timeout | undefined;
    let ended = false;
    const end = (finish: () => void) => {
      ended = true;
      clearTimeout(ending);
      reader.close();
      finish();
    };
    reader.on('line', (line) => {
      clearTimeout(ending);
      if (line.trim() === '') {
        ending = setTimeout(() => end(resolve), PASTE_GAP);
        return;
      }
      const answer = take(line);
      if (answer !== undefined) say(answer);
      reader.prompt();
    });
    reader.on('SIGINT', () => end(() => reject(new PromptInterrupted())));
    reader.on('close', () => {
      if (!ended) end(() => reject(new PromptInterrupted()));
    });
    reader.prompt();
  });
}

/** Milliseconds until a wait shows its message, and then between two messages. */
const PATIENCE = 400;

async function waitFor<T>(
  message: () => string,
  work: Promise<T>,
  say: (text: StyledText) => void,
  {stdin}: Streams,
): Promise<T> {
  const release = ignoreKeys(stdin);
  const done = new AbortController();
  const finished = work.finally(() => done.abort());
  finished.catch(() => {});
  // Long enough to see what was typed before.
  await sleep(20);
  let shown = '';
  while (!done.signal.aborted) {
    await sleep(PATIENCE, undefined, {signal: done.signal}).catch(() => {});
    if (done.signal.aborted || message() === shown) continue;
    shown = message();
    say(paint('dim', shown));
  }
  release();
  return finished;
}

/** Reads and drops what is typed, except for Ctrl-C, which interrupts. Returns a function that ends this. */
function ignoreKeys(stdin: NodeJS.ReadStream): () => void {
  if (!stdin.isTTY) return () => {};
  const drop = (keys: Buffer) => {
    if (keys.includes(CTRL_C)) interrupt();
  };
  stdin.setRawMode(true).on('data', drop).resume();
  return () => void stdin.off('data', drop).setRawMode(false).pause();
}

const CTRL_C = 3;

/**
 * Wraps a text at blanks to a number of columns; the rest of a line starts at the column of its first character. A word
 * stays whole. Without a number of columns nothing is wrapped.
 */
export function wrapLines(text: StyledText, columns: number | undefined): StyledText {
  return columns ? joined(text.lines().flatMap((line) => wrapLine(line, columns))) : text;
}

function wrapLine(line: StyledText, columns: number): StyledText[] {
  const plain = String(line);
  if (columnsOf(plain) < columns) return [line];
  const margin = /^ */.exec(plain)?.[0] ?? '';
  const lines: StyledText[] = [];
  let [start, end] = [margin.length, margin.length];
  for (const word of plain.slice(margin.length).split(' ')) {
    const next = end === start ? start + word.length : end + 1 + word.length;
    if (margin.length + columnsOf(plain.slice(start, next)) >= columns && end > start) {
      lines.push(styled`${margin}${line.slice(start, end)}`);
      start = end + 1;
      end = start + word.length;
    } else end = next;
  }
  return [...lines, styled`${margin}${line.slice(start, end)}`];
}
