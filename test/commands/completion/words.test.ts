import test from 'ava';
import {Argument, Command, Option} from 'commander';
import {type ValueSource, wordsAt} from '../../../src/commands/completion/words.js';

/** A program with commands of every kind. */
function program(): Command {
  const root = new Command('infra');
  root
    .command('plan')
    .description('shows what would change\nand more')
    .argument('[hosts...]')
    .option('-l, --limit <pattern>', 'only these hosts')
    .option('-v, --verbose', 'each step\nwith output')
    .option('--out [file]', 'saves it')
    .addOption(new Option('--format <format>').choices(['text', 'json']))
    .addOption(new Option('--secret').hideHelp());
  root.command('play').argument('<one>').argument('<two>');
  root.command('hidden', {hidden: true});
  const lab = root.command('lab');
  lab.command('ssh').argument('<host>').argument('[command...]').option('--user <name>');
  lab.command('stop').addArgument(new Argument('<state>').choices(['all', 'none']));
  return root;
}

/** What is offered for the last word; values are the name of what they are for, and what was given before. */
async function offered(...words: string[]): Promise<string[]> {
  const values: ValueSource = async (of, _, given) => {
    const before = [...given].map(([name, value]) => `${name}=${value}`).join();
    return [`<${of.name()}:${before}>`];
  };
  return (await wordsAt(program(), words, values)).map(({word}) => word);
}

const CASES: readonly (readonly [title: string, words: readonly string[], ...expected: string[]])[] = [
  ['a command by its beginning', ['pl'], 'plan', 'play'],
  ['all commands but hidden ones', [''], 'plan', 'play', 'lab', 'help'],
  ['commands after no word at all', [], 'plan', 'play', 'lab', 'help'],
  ['a subcommand', ['lab', 's'], 'ssh', 'stop'],
  ['a subcommand after help', ['help', 'lab', 'st'], 'stop'],
  ['an option by its beginning', ['plan', '--o'], '--out'],
  ['options, all but hidden ones', ['plan', '--'], '--limit', '--verbose', '--out', '--format', '--help'],
  ['the value of an option', ['plan', '--limit', ''], '<limit:>'],
  ['the value of an option by its letter', ['plan', '-l', ''], '<limit:>'],
  ['the value of the last of several letters', ['plan', '-vl', ''], '<limit:>'],
  ['no value after the first of several letters', ['plan', '-lv', ''], '<hosts:>'],
  ['the value after an equals sign', ['plan', '--limit='], '--limit=<limit:>'],
  ['fixed choices', ['plan', '--format', 'j'], 'json'],
  ['fixed choices after an equals sign', ['plan', '--format=t'], '--format=text'],
  ['fixed choices of an argument', ['lab', 'stop', 'n'], 'none'],
  ['nothing for an unknown option', ['plan', '--nothing=']],
  ['an argument after an option without a value', ['plan', '-v', ''], '<hosts:>'],
  ['an argument after an option and its value', ['plan', '--limit', 'web', ''], '<hosts:limit=web>'],
  ['an argument after a value with an equals sign', ['plan', '--limit=a=b', ''], '<hosts:limit=a=b>'],
  ['a value that looks like an option, where one is needed', ['plan', '--limit', '-x', ''], '<hosts:limit=-x>'],
  ['the next option, where a value may be left out', ['plan', '--out', '-v', ''], '<hosts:>'],
  ['a variadic argument, again', ['plan', 'a', 'b', ''], '<hosts:>'],
  ['the first argument', ['play', ''], '<one:>'],
  ['the second argument', ['play', 'x', ''], '<two:>'],
  ['nothing after the last argument', ['play', 'x', 'y', '']],
  ['no options after two dashes', ['plan', '--', '--o']],
  ['an argument after two dashes', ['plan', '--', ''], '<hosts:>'],
  ['the host of a command for a host', ['lab', 'ssh', ''], '<host:>'],
  ['nothing of the command for a host', ['lab', 'ssh', 'web1', 'l']],
  ['no option of infra in the command for a host', ['lab', 'ssh', 'web1', 'ls', '--u']],
];

for (const [title, words, ...expected] of CASES) {
  test(`completion offers ${title}: ${words.join(' ')}`, async (t) => {
    t.deepEqual(await offered(...words), expected);
  });
}

test('commands and options have the first line of their description', async (t) => {
  const none: ValueSource = async () => [];
  t.deepEqual(await wordsAt(program(), ['plan'], none), [{word: 'plan', about: 'shows what would change'}]);
  t.deepEqual(await wordsAt(program(), ['plan', '--v'], none), [{word: '--verbose', about: 'each step'}]);
});

test('only values that begin with what was typed are offered', async (t) => {
  const values: ValueSource = async () => ['web1', 'db1', 'web2'];
  t.deepEqual(await wordsAt(program(), ['plan', '--limit=we'], values), [
    {word: '--limit=web1'},
    {word: '--limit=web2'},
  ]);
  t.deepEqual(await wordsAt(program(), ['plan', 'd'], values), [{word: 'db1'}]);
});
