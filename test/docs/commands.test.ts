import {execFileSync} from 'node:child_process';
import test from 'ava';
import {loadPages} from './pages.js';

/** What a command's help names. */
interface Help {
  readonly commands: readonly string[];
  readonly options: readonly string[];
}

const known = new Map<string, Help>();

for (const {file, text} of loadPages()) {
  test(`${file} names commands and options that exist`, (t) => {
    t.deepEqual(
      commandsIn(text).flatMap((words) => faultsOf(words).map((fault) => `${words.join(' ')}: ${fault}`)),
      [],
    );
  });
}

test('a command or an option that does not exist is found', (t) => {
  t.deepEqual(faultsOf(['infra', 'plan', '--limit', 'web', '--nowhere']), ['no option --nowhere']);
  t.deepEqual(faultsOf(['infra', 'lab', 'upp']), ['no command upp']);
});

/** Command lines at the beginning of a line of code, and between backticks; without comments. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const code = [...text.matchAll(/^```(?!ts)[^\n]*\n([\s\S]*?)^```$/gm)].flatMap(([, lines = '']) => lines.split('\n'));
  const indented = [...text.matchAll(/^ {4}(.*)$/gm)].map(([, line = '']) => line);
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, line = '']) => line);
  return [...code, ...indented, ...inline]
    .map((line) => line.replace(/^(\$ |source <\()?(bin\/|npx )?/, '').replace(/\s#.*|[|>)].*$/, ''))
    .filter((line) => /^infra(?! is\b)( |$)/.test(line))
    .map((line) => line.trim().split(/\s+/));
}

function faultsOf([, ...words]: readonly string[]): readonly string[] {
  const path: string[] = [];
  for (const word of words) {
    const {commands} = helpOf(path);
    if (commands.length === 0 || /^[-A-Z.…]/.test(word)) break;
    const names = word.split(/[|/]/);
    const strange = names.filter((name) => !commands.includes(name));
    if (strange.length > 0) return strange.map((name) => `no command ${name}`);
    path.push(names[0] ?? word);
  }
  // What follows the host is a command of its own.
  if (path.join(' ') === 'lab ssh') return [];
  const {options} = helpOf(path);
  const given = words.flatMap((word) => [/^--?[a-z][\w-]*/.exec(word)?.[0] ?? []].flat());
  return given.filter((option) => !options.includes(option)).map((option) => `no option ${option}`);
}

function helpOf(path: readonly string[]): Help {
  const key = path.join(' ');
  const help =
    known.get(key) ?? parseHelp(execFileSync(process.execPath, ['bin/infra', ...path, '--help'], {encoding: 'utf8'}));
  known.set(key, help);
  return help;
}

function parseHelp(text: string): Help {
  const [, commands = ''] = /^Commands:\n((?: +.*\n)*)/m.exec(text) ?? [];
  const options = text.matchAll(/^ {2}(-\w)?(?:, )?(--[\w-]+)?/gm);
  return {
    commands: [...commands.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name),
    options: [...options].flatMap(([, short, long]) => [short ?? [], long ?? []].flat()),
  };
}
