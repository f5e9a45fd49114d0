import {atLeast, type Version} from '../../model/index.js';
import {commentOf, type Rule} from '../shared/rules.js';

/** What the values of rules depend on. */
export interface SshdFacts {
  readonly openssh: Version;
  /** Whether infra logs in as root. */
  readonly asRoot: boolean;
  /** Whether a text is shown before a login. */
  readonly banner: boolean;
  /** Settings that only the sshd of the host's distribution knows. */
  readonly ownSettings: Readonly<Record<string, string>>;
}

/** A rule about sshd: keywords of sshd_config(5) and their values. */
export interface SshdRule extends Rule {
  settings(facts: SshdFacts): Readonly<Record<string, string | number>>;
}

/** The file with the text that is shown before a login. */
export const BANNER_FILE = '/etc/ssh/infra-banner';

/** CIS: numbers of the CIS Debian Linux 12 Benchmark. dev-sec: controls of dev-sec/ssh-baseline. */
export const SSHD_RULES: readonly SshdRule[] = [
  {
    name: 'keys',
    why: 'passwords can be guessed or typed into the wrong machine; keys cannot',
    source: 'sshd_config(5), CIS 5.1.19, dev-sec sshd-22, -27, -28, -29',
    settings: () => ({
      PubkeyAuthentication: 'yes',
      PasswordAuthentication: 'no',
      KbdInteractiveAuthentication: 'no',
      PermitEmptyPasswords: 'no',
    }),
  },
  {
    name: 'root',
    why: 'people log in as themselves; root logs in only where infra itself does, and by key',
    source: 'CIS 5.1.20, dev-sec sshd-06',
    settings: ({asRoot}) => ({PermitRootLogin: asRoot ? 'prohibit-password' : 'no'}),
  },
  {
    name: 'algorithms',
    why: 'weak algorithms, and those with SHA-1, are not offered',
    source: 'openssh.com/releasenotes.html, CIS 5.1.6, 5.1.12 and 5.1.15, dev-sec sshd-01, -02, -03, -48',
    settings: ({openssh}) => {
      const {kex, ciphers, macs} = algorithmsOf(openssh);
      return {KexAlgorithms: kex.join(), Ciphers: ciphers.join(), MACs: macs.join()};
    },
  },
  {
    name: 'rsa_size',
    why: 'shorter RSA keys are no longer safe; sshd refuses users who have one',
    source: 'NIST SP 800-131A, sshd_config(5) since OpenSSH 9.1',
    settings: ({openssh}) => (atLeast(openssh, [9, 1]) ? {RequiredRSASize: 2048} : {}),
  },
  {
    name: 'hostbased',
    why: 'a login is never accepted because of its machine, or by a file that a user can write',
    source: 'CIS 5.1.10, 5.1.11 and 5.1.21, dev-sec sshd-11, -17, -23, -24, -25',
    settings: () => ({
      HostbasedAuthentication: 'no',
      IgnoreRhosts: 'yes',
      IgnoreUserKnownHosts: 'yes',
      StrictModes: 'yes',
      PermitUserEnvironment: 'no',
    }),
  },
  {
    name: 'attempts',
    why: 'clients that cannot log in are disconnected soon; an agent with four keys can still log in',
    source: 'CIS 5.1.13, 5.1.16 and 5.1.18, dev-sec sshd-18, -19, -21',
    settings: () => ({LoginGraceTime: 30, MaxAuthTries: 4, MaxStartups: '10:30:60'}),
  },
  {
    name: 'sessions',
    why: 'dead connections end after ten minutes, detected by messages that cannot be forged',
    source: 'CIS 5.1.7 and 5.1.17, dev-sec sshd-20, -35, -36, -37',
    settings: () => ({MaxSessions: 10, ClientAliveInterval: 300, ClientAliveCountMax: 2, TCPKeepAlive: 'no'}),
  },
  {
    name: 'forwarding',
    why: 'root of this server could use the keys of a user who forwards an agent (ProxyJump needs none); no X11, tunnels or open ports',
    source: 'CIS 5.1.8, dev-sec sshd-38, -40, -41, -42',
    settings: () => ({AllowAgentForwarding: 'no', X11Forwarding: 'no', PermitTunnel: 'no', GatewayPorts: 'no'}),
  },
  {
    name: 'log',
    why: 'the journal names the key of each login',
    source: 'CIS 5.1.14, dev-sec sshd-13',
    settings: () => ({LogLevel: 'VERBOSE'}),
  },
  {
    name: 'banner',
    why: 'clients do not see the patch level; a text before the login is shown only where the playbook sets one',
    source: 'sshd_config(5), dev-sec sshd-46, -47',
    settings: ({banner, ownSettings}) => ({...ownSettings, Banner: banner ? BANNER_FILE : 'none'}),
  },
];

/** The lines of a rule, without the keywords that the user sets. Empty when none remains. */
export function linesOf(rule: SshdRule, facts: SshdFacts, taken: readonly string[]): string {
  const settings = Object.entries(rule.settings(facts)).filter(([keyword]) => !taken.includes(keyword.toLowerCase()));
  const lines = settings.map(([keyword, value]) => `${keyword} ${value}\n`);
  return lines.length === 0 ? '' : `\n${commentOf(rule)}${lines.join('')}`;
}

/** The algorithms of a connection, best first. */
interface Algorithms {
  readonly kex: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}

/**
 * Hybrid key exchange against recorded traffic first, then curve25519; no Diffie-Hellman groups, so that the primes of
 * /etc/ssh/moduli do not matter. Authenticated ciphers before counter mode, and only MACs over the ciphertext. A name
 * that sshd does not know stops it: ML-KEM came with OpenSSH 9.9, NTRU Prime with 8.5 (openssh.com/releasenotes.html).
 */
function algorithmsOf(openssh: Version): Algorithms {
  return {
    kex: [
      ...(atLeast(openssh, [9, 9]) ? ['mlkem768x25519-sha256', 'sntrup761x25519-sha512'] : []),
      ...['sntrup761x25519-sha512@openssh.com', 'curve25519-sha256', 'curve25519-sha256@libssh.org'],
    ],
    ciphers: [
      ...['chacha20-poly1305@openssh.com', 'aes256-gcm@openssh.com', 'aes128-gcm@openssh.com'],
      ...['aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
    ],
    macs: ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com', 'umac-128-etm@openssh.com'],
  };
}
