import type {
  Choices,
  ContentChoice,
  ProjectAbout,
  ServerChoice,
  ServerRole,
  TlsChoice,
} from '../../src/project/index.js';

export const ABOUT: ProjectAbout = {name: 'shop', infra: 'file:/opt/infra', typescript: '7.0.2', schema: '{}\n'};

/** The classic three servers, and whatever differs from them. */
export function choices(more: Partial<Choices> = {}): Choices {
  return {
    servers: serversLike('b', 'wp', 'wr'),
    user: 'deploy',
    virtualAddress: [],
    domain: 'www.example.org',
    tls: {kind: 'authority'},
    database: 'mariadb',
    writes: 'asynchronous',
    backups: 'servers',
    content: {kind: 'page'},
    sshFrom: [],
    ...more,
  };
}

/** One server for each text, whose letters are its roles: b, w, p, r. Names are s1, s2 …, addresses 192.0.2.1 …. */
export function serversLike(...kinds: readonly string[]): ServerChoice[] {
  return kinds.map((kind, index) => ({
    name: `s${index + 1}`,
    address: `192.0.2.${index + 1}`,
    roles: [...kind].flatMap((letter) => ROLES[letter] ?? []),
  }));
}

const ROLES: Readonly<Record<string, ServerRole>> = {b: 'balancer', w: 'web', p: 'primary', r: 'replica'};

/** Two to seven servers, each with the addresses that its balancers share. */
const SPLITS: readonly (readonly [servers: readonly string[], virtualAddress: readonly string[]])[] = [
  [['b', 'wp'], []],
  [['b', 'wp', 'wr'], []],
  [['b', 'w', 'w', 'p'], []],
  [['b', 'b', 'w', 'wp', 'r'], ['192.0.2.100']],
  [
    ['b', 'b', 'w', 'w', 'p', 'r'],
    ['192.0.2.100', '2001:db8::100'],
  ],
  [['b', 'b', 'b', 'w', 'w', 'p', ''], ['192.0.2.100']],
];

const TLS: readonly TlsChoice[] = [
  {kind: 'authority'},
  {kind: 'files', certificate: '/etc/ssl/site.pem', key: '/etc/ssl/site.key'},
  {kind: 'acme', email: 'ops@example.org'},
  {kind: 'acme', email: 'ops@example.org', directory: 'https://acme.example.org/directory'},
];

/** The directory is one that is there. */
const CONTENT: readonly ContentChoice[] = [
  {kind: 'page'},
  {kind: 'directory', directory: 'docs'},
  {kind: 'application', port: 8080},
];

/** All that can be chosen, each with each. */
export function allChoices(): Choices[] {
  return SPLITS.flatMap(([kinds, virtualAddress]) =>
    TLS.flatMap((tls) =>
      CONTENT.flatMap((content) =>
        (['mariadb', 'mysql'] as const).flatMap((database) =>
          [[], ['192.0.2.0/24', '2001:db8::/32']].map((sshFrom) =>
            choices({servers: serversLike(...kinds), virtualAddress, tls, content, database, sshFrom}),
          ),
        ),
      ),
    ),
  );
}
