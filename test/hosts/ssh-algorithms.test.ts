import {readFile} from 'node:fs/promises';
import ssh2, {type NegotiatedAlgorithms} from 'ssh2';
import {hostProcess} from '../../src/lab/hosts/boot.js';
import {initOf, runInside} from '../../src/lab/hosts/inside.js';
import {labPaths} from '../../src/lab/lab.js';
import {ALGORITHMS} from '../../src/transport/ssh2/algorithms.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

const HOSTS = {
  'ssh-12': {address: '198.18.0.238', groups: ['ssh'], suite: 'bookworm'},
  'ssh-13': {address: '198.18.0.239', groups: ['ssh'], suite: 'trixie'},
  'ssh-sid': {address: '198.18.0.240', groups: ['ssh'], suite: 'sid'},
} as const;

test.before(async () => {
  await bareHosts(HOSTS);
});

/** Logs in; what was agreed on, and what `echo` said, or why there was no connection. */
async function login(address: string): Promise<NegotiatedAlgorithms | string> {
  const privateKey = await readFile('.infra/lab/id_ed25519');
  const client = new ssh2.Client();
  return new Promise((resolve) => {
    let agreed: NegotiatedAlgorithms;
    client.on('handshake', (algorithms) => (agreed = algorithms));
    client.on('error', ({message}) => resolve(message));
    client.on('ready', () => {
      client.end();
      resolve(agreed);
    });
    client.connect({host: address, username: 'deploy', privateKey, algorithms: {...ALGORITHMS}});
  });
}

for (const [name, {address}] of Object.entries(HOSTS)) {
  test(`${name}: OpenSSH takes the best of each list, and the worst when it has nothing else`, async (t) => {
    t.like(await login(address), {
      kex: ALGORITHMS.kex[0],
      cs: {cipher: ALGORITHMS.cipher[0]},
      sc: {cipher: ALGORITHMS.cipher[0]},
    });
    await only(name, ALGORITHMS.kex.at(-1), ALGORITHMS.cipher.at(-1), ALGORITHMS.hmac.at(-1));
    t.like(await login(address), {kex: ALGORITHMS.kex.at(-1), cs: {cipher: ALGORITHMS.cipher.at(-1)}});
    await only(name, 'diffie-hellman-group14-sha1', 'aes256-ctr', 'hmac-sha2-256');
    t.regex(String(await login(address)), /no matching key exchange algorithm/);
    await only(name, 'curve25519-sha256', 'aes256-ctr', 'hmac-sha1');
    t.regex(String(await login(address)), /no matching .*MAC/);
  });
}

/** The server offers these alone from now on. Said from within, as OpenSSH's own client would refuse some of them. */
async function only(name: string, kex = '', cipher = '', mac = ''): Promise<void> {
  const running = hostProcess(labPaths(process.cwd(), process.env), name);
  const init = running && initOf(running);
  if (!init) throw new Error(`${name} is off`);
  const text = `KexAlgorithms ${kex}\\nCiphers ${cipher}\\nMACs ${mac}\\n`;
  const script = `printf '${text}' >/etc/ssh/sshd_config.d/00-only.conf && sshd -t && systemctl restart ssh`;
  const {code, stderr} = await runInside(init, ['sh', '-c', script]);
  if (code !== 0) throw new Error(`${name}: ${stderr}`);
}
