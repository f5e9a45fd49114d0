import type {Choices, ContentChoice} from './choices.js';
import {keeperFor, serversFor} from './choices.js';
import {quoted, renderText} from './render-text.js';

/** `playbooks/site.ts`: what the choices ask for, and nothing else. */
export function renderPlaybook(choices: Choices): string {
  const vars = {
    ...choices,
    sshFrom: choices.sshFrom.length > 0,
    replica: serversFor('replica', choices).length > 0,
    shown: shownOf(choices.content),
    keeper: keeperFor(choices),
    semiSync: choices.writes === 'asynchronous' ? undefined : choices.writes,
    pair: choices.virtualAddress.length > 0,
    application: choices.content.kind === 'application',
  };
  const body = renderText('site.ts', {...vars, imports: ''});
  return renderText('site.ts', {...vars, imports: filled(IMPORTED.filter((name) => isUsed(name, body)))});
}

/** Further options of the role `nginx`. */
function shownOf(content: ContentChoice): string {
  if (content.kind === 'directory') return `, directory: ${quoted(content.directory)}`;
  return content.kind === 'application' ? `, application: ${content.port}` : '';
}

/** Everything that the template may use, in the order of the imports. */
const IMPORTED = [
  'acme',
  'baseline',
  'databaseBackup',
  'databaseClient',
  'databaseHealth',
  'firewall',
  'haproxy',
  'keepalived',
  'mysqlPrimary',
  'mysqlReplication',
  'mysqlSemiSync',
  'mysqlServer',
  'nginx',
  'ownCertificate',
  'play',
  'playbook',
  'sshd',
  'user',
  'z',
];

function isUsed(name: string, body: string): boolean {
  return new RegExp(`\\b${name}[(.]`).test(body);
}

/** Names in lines of at most 120 columns. */
function filled(names: readonly string[]): string {
  return names
    .map((name) => `${name}, `)
    .join('')
    .replaceAll(/(.{1,116},) /g, '  $1\n')
    .trimEnd();
}
