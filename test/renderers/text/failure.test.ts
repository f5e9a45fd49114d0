import test from 'ava';
import {renderReason} from '../../../src/renderers/index.js';
import {renderFailure} from '../as-text.js';

const web2 = {name: 'web2'};

test('a failure shows task, host, position, command, exit code, output and the next step', (t) => {
  const failure = {
    reason: 'command-failed',
    play: 'web',
    task: 'template /etc/nginx/nginx.conf',
    message: 'The new content does not pass its check.',
    at: {file: '/srv/site.ts', line: 41, column: 7},
    command: 'nginx -t',
    exitCode: 1,
    output: 'unknown directive\ntest failed\n',
    hint: 'Correct the template, then apply again.',
  } as const;
  t.is(
    renderFailure(failure, web2),
    `✗ web2: template /etc/nginx/nginx.conf (play web)
  The new content does not pass its check.
  at       /srv/site.ts:41:7
  command  nginx -t
  exit     1
  output   unknown directive
           test failed
  next     Correct the template, then apply again.
`,
  );
});

test('a position below the working directory is shown relative to it', (t) => {
  const at = {file: `${process.cwd()}/playbooks/site.ts`, line: 1, column: 2};
  t.regex(renderFailure({reason: 'locked', message: 'No.', at}, web2), /at {7}playbooks\/site\.ts:1:2\n/);
});

test('only the last 20 lines of output are shown', (t) => {
  const output = Array.from({length: 30}, (_, index) => `line ${index}`).join('\n');
  const shown = renderFailure({reason: 'command-failed', message: 'No.', output}, web2);
  t.regex(shown, /output {3}… 10 earlier lines\n {11}line 10\n/);
  t.regex(shown, / line 29\n$/);
});

test('output loses its colours and its overwritten progress, other control characters become visible', (t) => {
  const output = '\u001b[31mred\u001b[0m\r\n 10 %\r100 %\nbell\u0007\n';
  t.regex(renderFailure({reason: 'command-failed', message: 'No.', output}, web2), /red\n {11}100 %\n {11}bell␇\n$/);
});

test('a failure on one line names the task, else the reason', (t) => {
  t.is(renderReason({reason: 'command-failed', task: 'apt nginx', message: 'No\nspace.'}), 'apt nginx: No␊space.');
  t.is(renderReason({reason: 'locked', message: 'Another run holds it.'}), 'locked: Another run holds it.');
});
