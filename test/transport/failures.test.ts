import test from 'ava';
import type {Host} from '../../src/model/index.js';
import {connectFailure, loginRefused, nothingToTry} from '../../src/transport/failures.js';
import {shellFailure} from '../../src/transport/shell-failures.js';

const host: Host = {
  name: 'web1',
  address: '192.0.2.21',
  port: 22,
  user: 'deploy',
  become: true,
  identityFiles: [],
  knownHostsFiles: [],
  groups: ['all'],
  vars: {},
};

test('a login that is refused names user, keys and the command that puts the key there', (t) => {
  const {message, hint = ''} = loginRefused({...host, port: 2222}, [{name: '/home/me/.ssh/id_rsa'}]);
  t.is(message, '192.0.2.21 does not let deploy log in with /home/me/.ssh/id_rsa');
  t.true(hint.endsWith('ssh-copy-id -i /home/me/.ssh/id_rsa -p 2222 deploy@192.0.2.21'), hint);
  t.true(loginRefused(host, [{name: 'the SSH agent'}]).hint?.endsWith('\nssh-copy-id deploy@192.0.2.21'));
});

test('keys that cannot be used are named with the reason, and the next step fixes it', (t) => {
  const locked = {name: '/k', fault: {message: 'is encrypted', hint: 'ssh-add /k'}};
  t.like(loginRefused(host, [locked]), {
    message: 'there is no private key to log in as deploy: /k is encrypted',
    hint: 'ssh-add /k',
  });
  t.like(loginRefused(host, [{name: '/other'}, locked]), {
    message: '192.0.2.21 does not let deploy log in with /other (not tried: /k is encrypted)',
    hint: 'ssh-add /k',
  });
});

test('without any key the next step makes one', (t) => {
  const {message, hint} = nothingToTry(host, []);
  t.is(message, 'there is no private key to log in as deploy');
  t.regex(hint ?? '', /identityFile.*\nssh-keygen.*ssh-copy-id deploy@192/);
});

test('a server that does not speak SSH is distinguished from one that is down', (t) => {
  t.like(connectFailure(host, new Error('Connection lost before handshake')), {
    reason: 'unreachable',
    message: '192.0.2.21 port 22 ends the connection before SSH begins',
  });
});

test('the message of a server is quoted as its own, and shortened', (t) => {
  const told = (words: string) => connectFailure(host, Object.assign(new Error(words), {code: 11}));
  t.like(told('Go away'), {reason: 'unreachable', message: '192.0.2.21 port 22 said: "Go away"'});
  t.is(told('no" and all is well: "').message, `192.0.2.21 port 22 said: "no' and all is well: '"`);
  t.true(told('x'.repeat(100_000)).message.length < 300);
  t.is(told('Timed out before handshake').reason, 'unreachable');
  t.true((shellFailure(host, 'x'.repeat(100_000)).output ?? '').length < 5000);
});

test('an agent with more keys than the host accepts is distinguished from a wrong key', (t) => {
  const {reason, hint = ''} = connectFailure(host, new Error('Too many authentication failures'));
  t.is(reason, 'authentication-failed');
  t.regex(hint, /identityFile/);
});

test('sudo that asks, is missing or refuses: each with the line that allows it', (t) => {
  const answer = (said: string, code?: number, user = 'deploy') => {
    const {reason, message, hint} = shellFailure({...host, user}, said, code);
    return [reason, message, hint?.split('\n').slice(0, 2).join(' ')];
  };
  const allow = `As root on the host: echo 'deploy ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy`;
  t.deepEqual(answer('sudo: a password is required', 1), ['become-failed', 'sudo wants a password for deploy', allow]);
  t.deepEqual(answer('bash: line 1: exec: sudo: not found', 127), [
    'become-failed',
    'sudo is not installed',
    'As root on the host: apt-get install sudo',
  ]);
  t.deepEqual(answer('Sorry, user deploy is not allowed to execute', 1), [
    'become-failed',
    'deploy may not become root with sudo',
    allow,
  ]);
  t.regex(answer('sudo: sorry, you must have a tty to run sudo', 1)[2] ?? '', /!requiretty/);
  // A name with a dot is passed over in sudoers.d.
  t.regex(answer('sudo: a password is required', 1, 'jo.doe')[2] ?? '', /'jo\.doe ALL.*> \/etc\/sudoers\.d\/jo-doe$/);
});

test('a login shell that ends by itself is not a lost connection', (t) => {
  const answer = (said: string, code?: number) => shellFailure(host, said, code).message;
  t.is(answer('Password change required but no TTY available.', 1), 'the password of deploy has expired');
  t.is(answer('This account is currently not available.', 1), 'deploy has no shell to log in with');
  t.is(answer('', 3), 'the login shell of deploy ended at once, with exit code 3');
  t.is(answer('sudo: unable to resolve host web1'), 'the connection was lost');
});
