import {releasesWith} from '../model/index.js';
import type {Answers, Parsed} from './answers.js';
import type {Known, WizardQuestion} from './ask/ask-question.js';
import {checkCertificate, checkKey} from './check-certificate.js';
import {
  parseContent,
  parseDomain,
  parseEmail,
  parseIdentityFile,
  parseSources,
  parseUser,
  parseVirtualAddress,
  parseWord,
  renderContent,
} from './parse-values.js';
import {BACKUPS} from './question-backups.js';
import {WRITES} from './question-writes.js';

const always = () => true;

const list = (values: readonly string[] | undefined, none: string) =>
  values && (values.length === 0 ? none : values.join(', '));

function named<Key extends keyof Answers>(name: Key, parsed: Parsed<NonNullable<Answers[Key]>>): Parsed<Answers> {
  return 'fault' in parsed ? parsed : {value: {[name]: parsed.value}};
}

/** Every question except for the servers, in the order in which they are asked. */
export const QUESTIONS: readonly WizardQuestion[] = [
  {
    name: 'user',
    flag: '--user <name>',
    about: 'login user of all servers (default: root)',
    message: 'Log in as',
    parse: (text) => named('user', parseUser(text)),
    shown: ({user}) => user,
    usual: ({servers}) => servers.map((server) => ('user' in server ? server.user : undefined)).find(Boolean) ?? 'root',
    when: always,
  },
  {
    name: 'identityFile',
    flag: '--identity-file <file>',
    about: "private SSH key (default: the agent's keys, and the usual files in ~/.ssh)",
    message: 'With the key',
    parse: (text) => named('identityFile', parseIdentityFile(text)),
    shown: ({identityFile}) => (identityFile === '' ? 'from the agent, or the usual files' : identityFile),
    usual: () => 'agent',
    when: always,
  },
  {
    name: 'virtualAddress',
    flag: '--virtual-address <address>',
    about: 'free address that two balancers share; IPv4 and IPv6 may have one each: A,B',
    message: 'Address that the balancers share (free, in their network)',
    parse: (text, {servers = []}) =>
      named(
        'virtualAddress',
        parseVirtualAddress(
          text,
          servers.map(({address}) => address),
        ),
      ),
    shown: ({virtualAddress}) => list(virtualAddress, 'none'),
    usual: ({servers}) => (balancersOf(servers) > 1 ? undefined : ''),
    when: ({servers}) => balancersOf(servers) > 1,
  },
  {
    name: 'domain',
    flag: '--domain <name>',
    about: "the site's public name (default: www.example.test, for a first try)",
    message: "The site's public name",
    parse: (text) => named('domain', parseDomain(text)),
    shown: ({domain}) => domain,
    usual: () => 'www.example.test',
    when: always,
  },
  {
    name: 'tls',
    flag: '--tls <kind>',
    about: "source of the site's certificate: authority (the project's own; default), files, acme",
    message: 'The certificate that visitors see',
    options: [
      {
        text: 'authority',
        name: "from the project's own authority",
        description: 'Available at once. Browsers trust it after its certificate was imported.',
      },
      {text: 'files', name: 'from files that I have', description: 'PEM: the certificate with its chain, and its key.'},
      {
        text: 'acme',
        name: "from Let's Encrypt (ACME)",
        description: 'The name must point to the balancers, and port 80 must be open to everyone.',
      },
    ],
    parse: (text) => named('tls', parseWord(text, ['authority', 'files', 'acme'])),
    shown: ({tls}) => tls,
    usual: () => 'authority',
    when: always,
  },
  {
    name: 'certificate',
    flag: '--certificate <file>',
    about: 'with --tls files: the certificate and its chain, PEM',
    message: 'File with the certificate and its chain (PEM)',
    parse: (text, {domain}) => named('certificate', checkCertificate(text, domain)),
    shown: ({certificate}) => certificate,
    usual: () => undefined,
    when: ({answers}) => answers.tls === 'files',
  },
  {
    name: 'key',
    flag: '--key <file>',
    about: 'with --tls files: its private key, PEM; kept encrypted among the secrets',
    message: 'File with its private key (PEM; stored encrypted among the secrets)',
    parse: (text, {certificate}) => named('key', checkKey(text, certificate)),
    shown: ({key}) => key,
    usual: () => undefined,
    when: ({answers}) => answers.tls === 'files',
  },
  {
    name: 'email',
    flag: '--email <address>',
    about: 'with --tls acme: address that the authority writes to',
    message: 'E-mail address for the certificate authority',
    parse: (text) => named('email', parseEmail(text)),
    shown: ({email}) => email,
    usual: () => undefined,
    when: ({answers}) => answers.tls === 'acme',
  },
  {
    name: 'database',
    flag: '--database <kind>',
    about: 'mariadb (default) or mysql',
    message: 'Database',
    options: [
      {text: 'mariadb', name: 'MariaDB', description: `In ${releasesWith('mariadb', 'and')}.`},
      {text: 'mysql', name: 'MySQL', description: `In ${releasesWith('mysql', 'and')}.`},
    ],
    parse: (text) => named('database', parseWord(text, ['mariadb', 'mysql'])),
    shown: ({database}) => database,
    usual: () => 'mariadb',
    when: always,
  },
  WRITES,
  BACKUPS,
  {
    name: 'content',
    flag: '--content <what>',
    about:
      'what the web servers serve: page (a template, default), a directory of the project, or the port of a program',
    message: 'The web servers serve',
    options: [
      {text: 'page', name: 'a page', description: 'From a template that you edit.'},
      {
        text: 'public',
        name: 'a directory of files',
        description: 'HTML and everything it needs, from a directory of this project.',
        ask: {message: 'Directory', usual: 'public', accepts: (answer) => !/^(page|\d+)$/.test(answer)},
      },
      {
        text: '3000',
        name: 'a program',
        description: 'It listens on a port of 127.0.0.1 on each web server.',
        ask: {message: 'Its port', usual: '3000', accepts: (answer) => /^\d+$/.test(answer)},
      },
    ],
    parse: (text) => named('content', parseContent(text)),
    shown: ({content}) => content && renderContent(content),
    usual: () => 'page',
    when: always,
  },
  {
    name: 'sshFrom',
    flag: '--ssh-from <networks>',
    about: 'addresses and networks that may connect to SSH: A,B (default: anywhere)',
    message: 'Who may connect to SSH',
    options: [
      {text: 'anywhere', name: 'anyone who has a key'},
      {
        text: '',
        name: 'only some addresses or networks',
        description: 'Your own address must be among them.',
        ask: {message: 'Addresses and networks', accepts: (answer) => answer !== 'anywhere'},
      },
    ],
    parse: (text) => named('sshFrom', parseSources(text)),
    shown: ({sshFrom}) => list(sshFrom, 'anywhere'),
    usual: () => 'anywhere',
    when: always,
  },
];

/** The question with this key. */
export function questionOf(name: keyof Answers): WizardQuestion {
  const question = QUESTIONS.find((each) => each.name === name);
  if (!question) throw new RangeError(`there is no question for ${name}`);
  return question;
}

const balancersOf = (servers: Known['servers']) => servers.filter(({roles}) => roles?.includes('balancer')).length;
