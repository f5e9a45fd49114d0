import test from 'ava';
import type {Host} from '../../src/model/index.js';
import {endless, noShell, notRead, protocolBroken, shellFailure, silent} from '../../src/transport/shell-failures.js';
import {hostNamed} from '../renderers/host-named.js';

const host: Host = {...hostNamed('web1'), address: '192.0.2.21', user: 'deploy', become: true};

/** `REASON: MESSAGE`, of the failure with this last output and exit code. */
function told(said: string, code?: number, user = 'deploy'): string {
  const {reason, message} = shellFailure({...host, user}, said, code);
  return `${reason}: ${message}`;
}

const SAID: readonly (readonly [string, number | undefined, string])[] = [
  ['sudo: a terminal is required to read the password', 1, 'become-failed: sudo wants a password for deploy'],
  ['sudo: no askpass program specified', 1, 'become-failed: sudo wants a password for deploy'],
  ['sudo: sorry, you must have a tty to run sudo', 1, 'become-failed: sudo wants a terminal for deploy'],
  ['sh: 1: exec: sudo: not found', 127, 'become-failed: sudo is not installed'],
  ['zsh: sudo: command not found', 127, 'become-failed: sudo is not installed'],
  ['env: sudo: No such file or directory', 127, 'become-failed: sudo is not installed'],
  ['deploy is not in the sudoers file.', 1, 'become-failed: deploy may not become root with sudo'],
  ['Sorry, user deploy may not run sudo on web1.', 1, 'become-failed: deploy may not become root with sudo'],
  ['sudo: unknown fault', 1, 'become-failed: deploy may not become root with sudo'],
  // While a script runs, a line that a command prints does not mean that the login was refused.
  ['sudo: unknown fault', undefined, 'connection-lost: the connection was lost'],
  ['', undefined, 'connection-lost: the connection was lost'],
  ['Your password has expired.', 1, 'unreachable: the password of deploy has expired'],
  ['WARNING:\nPassword change required but no TTY available.', 1, 'unreachable: the password of deploy has expired'],
  ['This account is currently not available.', 1, 'unreachable: deploy has no shell to log in with'],
  ['Your account has been locked.', 1, 'unreachable: deploy has no shell to log in with'],
  ['', 0, 'unreachable: the login shell of deploy ended at once, with exit code 0'],
  ['menu> ', 3, 'unreachable: the login shell of deploy ended at once, with exit code 3'],
];

for (const [said, code, failure] of SAID) {
  const end = code === undefined ? 'without an exit code' : `with exit code ${code}`;
  test(`${JSON.stringify(said)} ${end} means ${failure}`, (t) => t.is(told(said, code), failure));
}

test('the file in sudoers.d has a name that sudo reads: without dots and tildes', (t) => {
  const hint = (said: string) => shellFailure({...host, user: 'a.b~c'}, said, 1).hint?.split('\n')[1];
  t.is(hint('sudo: a password is required'), "echo 'a.b~c ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/a-b-c");
  t.is(
    hint('sudo: sorry, you must have a tty to run sudo'),
    "echo 'Defaults:a.b~c !requiretty' > /etc/sudoers.d/a-b-c-tty",
  );
});

test('what the host said last is kept, without blanks around it, and nothing where it said nothing', (t) => {
  t.is(shellFailure(host, '\n last words \n', 1).output, 'last words');
  t.false('output' in shellFailure(host, ' \n', 1));
  const {output = ''} = shellFailure(host, `begin${'x'.repeat(5000)}end`, 1);
  t.deepEqual([output.length, output.endsWith('end')], [4000, true]);
});

test('limits of time say how many seconds, of silence and in all', (t) => {
  t.is(silent(60).message, 'no answer within 60 seconds');
  t.is(endless(90).message, 'no whole answer within 90 seconds');
  t.deepEqual([silent(1).reason, endless(1).reason], ['timed-out', 'timed-out']);
});

test('a shell that never answered is told with whole seconds and what came before it', (t) => {
  t.like(noShell(host, ' Welcome! \n', 19.2), {
    reason: 'timed-out',
    message: 'deploy could log in, but no shell has answered within 20 seconds',
    output: 'Welcome!',
  });
  t.false('output' in noShell(host, '\n', 20));
});

test('a local file that cannot be read says why, whatever was thrown', (t) => {
  t.is(notRead(new RangeError('it is shorter')).message, 'a local file could not be sent: it is shorter');
  t.is(notRead('gone').message, 'a local file could not be sent: gone');
  t.is(protocolBroken('a line without a mark').reason, 'protocol-broken');
  t.true(protocolBroken('a line without a mark').message.endsWith(': a line without a mark'));
});
