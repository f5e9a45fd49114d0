import {ROLE_SYNONYMS} from './role-synonyms.js';
import {SYNONYMS} from './synonyms.js';

/** How an option is written: `packages: 'nginx'`. `type`: the task type or role that has it. */
export function exampleOf(type: string, option: string): string {
  return ownExample(type, option) ?? usualExample(option) ?? `${option}: …`;
}

/** How this task type or role writes an option, where that is known. */
export function ownExample(type: string, option: string): string | undefined {
  const synonyms = Object.values({...SYNONYMS[type], ...ROLE_SYNONYMS[type]});
  return synonyms.find((written) => written.startsWith(`${option}: `));
}

/** How an option of this name is written, where that is known. */
export const usualExample = (option: string): string | undefined =>
  Object.hasOwn(EXAMPLES, option) ? `${option}: ${EXAMPLES[option]}` : undefined;

const EXAMPLES: Readonly<Record<string, string>> = {
  address: "'192.0.2.100'",
  backend: "'web'",
  because: "'clients'",
  block: "'lines'",
  certificate: 'await authority()',
  command: "'make install'",
  content: "'text'",
  except: "['app.conf']",
  from: "{group: 'lb'}",
  grants: "{'app.*': ['SELECT']}",
  hosts: "'web'",
  key: "'ssh-ed25519 …'",
  line: "'the whole line'",
  match: '/^Port /',
  most: "'0600'",
  names: "['www.example.org']",
  packages: "'nginx'",
  password: "secret('mysql/app')",
  path: "'/etc/app.conf'",
  replication: "{password: secret('mysql/replication')}",
  rules: "'table inet app {}'",
  serial: '1',
  source: "'app.conf.ejs'",
  target: "'/srv/releases/42'",
  user: "'deploy'",
  value: '10',
};

/**
 * What to write in place of a text for an option that is not text in any task or role; undefined for other options.
 * `written`: the text, where it may be shown.
 */
export function valueMeant(option: string, written: string | undefined): string | undefined {
  if (option === 'password')
    return `Write password: secret('mysql/app'), with the secret that the playbook's function is given.`;
  if (option === 'notify') return notifyMeant(written);
  if (option !== 'from') return undefined;
  return `Write from: {group: '${written !== undefined && /^\w[\w.-]*$/.test(written) ? written : 'lb'}'}.`;
}

/** `reload nginx`, as Ansible names a handler, is `reload('nginx')`. */
function notifyMeant(written = ''): string {
  const [, verb = '', unit = ''] = /\b(reload|restart)\b.*?([\w@.-]+)$/i.exec(written) ?? [];
  const isCall = unit !== '' && unit.toLowerCase() !== verb.toLowerCase();
  return isCall
    ? `Write notify: ${verb.toLowerCase()}('${unit}').`
    : "Write notify: reload('nginx') or notify: restart('nginx').";
}
