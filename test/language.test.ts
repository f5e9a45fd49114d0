import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {type Node, parse} from 'acorn';
import {simple} from 'acorn-walk';
import test from 'ava';

/*
 * The language of what people read: the words of the field's documentation, in full sentences. Words that operators
 * would not search for have a plain one.
 */
const PLAIN: readonly (readonly [old: RegExp, plain: string])[] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\banew\b/i, 'again'],
  [/\bshall\b/i, 'should, must'],
  [/\bwhom\b|\bwhoever\b/i, 'who, the user'],
  [/\bnobody may\b/i, 'must not'],
  [/\bbeside\b/i, 'next to, besides'],
  [/\bmeanwhile\b/i, 'in the meantime'],
  [/(?<!\b(?:there|where|it) )\b(?:is|are) no (?!longer|more|less|matter)[a-z]/i, 'is not a'],
  [/\bwish(es|ed)?\b|\bvacuous/i, 'desired'],
  [/\bany more\b(?! than)/i, 'no longer'],
  [/\bso many\b/i, 'N'],
  [/\blook(s|ed|ing)? at\b/i, 'see, check, read'],
  [/\bat work\b/i, 'running'],
  [/\bbelongs? into\b/i, 'put it in'],
  [/\band yet\b/i, 'but'],
  [/\bfolders?\b/i, 'directory'],
];

/** Names that others have given. */
const FOREIGN = /Beside|folder_|folder: "/;

test('what people read is in plain words', (t) => {
  const files = ['src', 'docs', 'templates', 'playbooks', 'inventory', 'test', 'bench'].flatMap(filesIn);
  const found = ['README.md', ...files].filter((file) => !file.endsWith('language.test.ts')).flatMap(oldWordsIn);
  t.deepEqual(found, []);
});

test('a hint is a sentence, or a sentence and the command that it speaks of', (t) => {
  const hints = filesIn('build/src')
    .filter((file) => file.endsWith('.js'))
    .flatMap(hintsIn);
  t.true(hints.length > 100, `${hints.length} hints`);
  t.deepEqual(
    hints.filter(({text}) => !isSentence(text)).map(({file, text}) => `${file}: ${text}`),
    [],
  );
});

/**
 * Begins with a capital or a value; ends with a full stop, a question mark or a value. A command may stand at the end,
 * after a colon or on a line of its own, and has no full stop: it is there to be copied.
 */
function isSentence(text: string): boolean {
  const [last = ''] = text.trimEnd().split('\n').reverse();
  const endsInCommand =
    /(?:^|: )(?:(?:sudo|[A-Z]+=\S+) )?(?:infra|ssh(?:-add)?|df|du|echo|apt-get|git|npm|import)\b/.test(last);
  return /^(?:[A-Z…`"“]|infra )/.test(text) && (endsInCommand || /[.?…]$/.test(text));
}

function oldWordsIn(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    PLAIN.filter(([old]) => old.test(line.replaceAll(new RegExp(FOREIGN, 'g'), ''))).map(
      ([old, plain]) => `${file}:${index + 1}: ${old.exec(line)?.[0]} → ${plain}`,
    ),
  );
}

/** The values of properties named `hint` in a compiled file, as far as they stand there as text; "…" for each value. */
function hintsIn(file: string): {file: string; text: string}[] {
  const found: {file: string; text: string}[] = [];
  simple(parse(readFileSync(file, 'utf8'), {ecmaVersion: 'latest', sourceType: 'module'}), {
    Property(property) {
      const {key, value} = property;
      if (key.type !== 'Identifier' || key.name !== 'hint') return;
      found.push(...textsOf(value).map((text) => ({file, text})));
    },
  });
  return found;
}

/** The texts that an expression can have: of a condition, each. */
function textsOf(node: Node): string[] {
  const expression = node as import('acorn').Expression;
  switch (expression.type) {
    case 'Literal':
      return typeof expression.value === 'string' ? [expression.value] : [];
    case 'TemplateLiteral':
      return [expression.quasis.map(({value}) => value.cooked ?? value.raw).join('…')];
    case 'ConditionalExpression':
      return [...textsOf(expression.consequent), ...textsOf(expression.alternate)];
    case 'LogicalExpression':
      return [...textsOf(expression.left), ...textsOf(expression.right)];
    case 'BinaryExpression':
      return textsOf(expression.left).flatMap((left) => textsOf(expression.right).map((right) => left + right));
    default:
      return [];
  }
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && /\.(?:[jt]s|md|ejs|ya?ml)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
