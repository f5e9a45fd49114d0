import test from 'ava';
import {parseFacts} from '../../src/facts/index.js';
import {HostError, UnreadableReply} from '../../src/model/index.js';

const TRIXIE = {
  ...{PRETTY_NAME: '"Debian GNU/Linux 13 (trixie)"', ID: 'debian', VERSION_ID: '"13"', VERSION_CODENAME: 'trixie'},
  ...{hostname: 'web1', cpus: '0-3', memory: '2048', architecture: 'amd64', addresses: '192.0.2.1 fd00::1 '},
  ...{interfaces: 'eth0/192.0.2.1/24 eth0/fd00::1/64 ', client: '192.0.2.9'},
};

const reply = (values: Readonly<Record<string, string | undefined>>, truncated = false) => ({
  code: 0,
  stdout: Object.entries({...TRIXIE, ...values})
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}\n`]))
    .join(''),
  stderr: '',
  truncated,
});

const facts = (values: Readonly<Record<string, string | undefined>> = {}) => parseFacts(reply(values));

test('the facts of a host, memory in bytes', (t) => {
  t.deepEqual(facts(), {
    ...{hostname: 'web1', os: 'debian', codename: 'trixie', version: '13', architecture: 'amd64', cpus: 4},
    ...{memory: 2_097_152, addresses: ['192.0.2.1', 'fd00::1'], client: '192.0.2.9'},
    interfaces: [
      {name: 'eth0', address: '192.0.2.1', prefix: 24},
      {name: 'eth0', address: 'fd00::1', prefix: 64},
    ],
  });
});

test('the processors on which it may run are counted', (t) => {
  const counts = {'0': 1, '0-3': 4, '0-3,8': 5, '1,3,5-6': 4, '': 0};
  for (const [list, count] of Object.entries(counts)) t.is(facts({cpus: list}).cpus, count, list);
});

test('a point-to-point address is a network of its own', (t) => {
  const {interfaces} = facts({interfaces: 'tun0/10.8.0.1 tun0/fd01::1'});
  t.deepEqual(
    interfaces.map(({prefix}) => prefix),
    [32, 128],
  );
});

test('what a host does not have is empty or nothing', (t) => {
  const names = ['hostname', 'cpus', 'memory', 'architecture', 'addresses', 'interfaces', 'client'];
  const none = facts(Object.fromEntries(names.map((name) => [name, undefined])));
  t.like(none, {hostname: '', cpus: 0, memory: 0, architecture: '', client: ''});
  t.deepEqual([none.addresses, none.interfaces], [[], []]);
});

test('Debian sid is known by having no version, and Ubuntu is taken', (t) => {
  t.like(facts({VERSION_ID: undefined, VERSION_CODENAME: 'forky'}), {codename: 'sid', version: ''});
  t.like(facts({ID: 'ubuntu', VERSION_ID: '"24.04"', VERSION_CODENAME: 'noble'}), {
    os: 'ubuntu',
    codename: 'noble',
    version: '24.04',
  });
});

test('another system is refused with its name', (t) => {
  for (const [values, name] of [
    [{ID: 'fedora', PRETTY_NAME: '"Fedora Linux 43"'}, 'Fedora Linux 43'],
    [{ID: 'linuxmint', PRETTY_NAME: undefined}, 'linuxmint'],
    [{ID: undefined, PRETTY_NAME: undefined}, 'unknown'],
  ] as const) {
    const error = t.throws(() => facts(values), {instanceOf: HostError});
    t.is(error?.message, `the operating system is ${name}`);
  }
});

test('facts that are not what they should be are not taken', (t) => {
  const unreadable = (message: string) => ({instanceOf: UnreadableReply, message});
  t.throws(() => facts({memory: '2 GB'}), unreadable('the fact memory is "2 GB", which is not a number'));
  t.throws(() => facts({cpus: '0-x'}), unreadable('the fact cpus is "x", which is not a number'));
  t.throws(() => facts({interfaces: 'eth0/192.0.2.1/'}), unreadable('the fact prefix is "", which is not a number'));
  t.throws(
    () => facts({memory: '9'.repeat(60)}),
    unreadable(`the fact memory is "${'9'.repeat(40)}", which is not a number`),
  );
  t.throws(() => parseFacts(reply({}, true)), unreadable('the facts of the host are too long'));
});

const factsOf = (stdout: string) => parseFacts({code: 0, stdout, stderr: '', truncated: false});

test('a release is known by its codename, also the rolling one, which has the codename of the next', (t) => {
  const release = (text: string) => {
    const {os, codename, version} = factsOf(text);
    return [os, codename, version];
  };
  t.deepEqual(release('ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n'), ['debian', 'trixie', '13']);
  t.deepEqual(release('ID=debian\nVERSION_CODENAME=forky\n'), ['debian', 'sid', '']);
  t.deepEqual(release('ID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n'), ['ubuntu', 'noble', '24.04']);
  t.deepEqual(release('ID=ubuntu\nVERSION_CODENAME=noble\n'), ['ubuntu', 'noble', '']);
});
