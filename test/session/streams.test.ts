import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';

const SOURCES = readdirSync('src', {recursive: true, encoding: 'utf8'})
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({file, text: readFileSync(path.join('src', file), 'utf8')}));

const filesWith = (pattern: RegExp) =>
  SOURCES.filter(({text}) => pattern.test(text))
    .map(({file}) => file)
    .sort();

test('commands, the wizard and progress each write text for people in one place', (t) => {
  // JSON of which all is visible; the shown plan of a question; a flush.
  const others = ['session/active-run.ts', 'cli.ts'];
  t.deepEqual(
    filesWith(/\bstd(out|err)\.write|stream\.write|output\.(write|toStdout)|console\.(log|error|warn)\(/),
    [
      ...others,
      'session/streams.ts',
      'renderers/progress/live-renderer.ts',
      'renderers/progress/progress.ts',
      'wizard/terminal/terminal-prompter.ts',
    ].sort(),
  );
});

test('escape sequences are made in one place, except those that move the cursor', (t) => {
  t.deepEqual(filesWith(/\\u001b|\\x1b|\\033|\\e\[/i), [
    'model/text/styled-text.ts',
    'renderers/progress/live-screen.ts',
  ]);
  // How questions are drawn.
  t.deepEqual(filesWith(/styleText\(/), ['local/prompt.ts']);
});

test('questions are asked only by modules that make their texts visible', (t) => {
  t.deepEqual(filesWith(/import\('inquirer'\)/), ['local/prompt.ts']);
  t.deepEqual(filesWith(/local\/prompt\.js'/), [
    'commands/apply/run.ts',
    'commands/db/run-operation.ts',
    'commands/init/run.ts',
    'commands/secrets/edit-privately.ts',
    'commands/secrets/run.ts',
    'wizard/terminal/terminal-prompter.ts',
  ]);
});
