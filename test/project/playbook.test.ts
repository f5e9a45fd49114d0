import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {checkPlays} from '../../src/engine/index.js';
import {loadInventory} from '../../src/inventory/index.js';
import type {Authority, PlaybookContext} from '../../src/model/index.js';
import {checkTypes, loadPlaybook} from '../../src/playbooks/index.js';
import {type Choices, faultsOf, renderProject} from '../../src/project/index.js';
import {assumedOpenings} from '../../src/session/load-topology.js';
import {Secret} from '../../src/shell/index.js';
import {newAuthority} from '../support/authority.js';
import {ABOUT, allChoices, choices, serversLike} from './choices.js';

const PLAYBOOK = 'playbooks/site.ts';

/** Of the right form. */
const RECIPIENT = `age1${'q'.repeat(58)}`;

const textOf = (choice: Choices) => renderProject(choice, ABOUT).get(PLAYBOOK) ?? '';

test('whatever is chosen, the playbook has no type errors, and takes one of a few forms', async (t) => {
  const texts = [...new Set(allChoices().map(textOf))];
  const directory = mkdtempSync(join(tmpdir(), 'infra-project-'));
  for (const [index, text] of texts.entries()) writeFileSync(join(directory, `site${index}.ts`), text);
  const all = texts.map((_, index) => `export {default as site${index}} from './site${index}.js';`);
  writeFileSync(join(directory, 'all.ts'), all.join('\n'));
  const {diagnostics, skipped} = await checkTypes(join(directory, 'all.ts'), join(directory, 'cache'));
  t.deepEqual({diagnostics, skipped}, {diagnostics: [], skipped: undefined});
  // Replicas or none, one balancer or several, and what was chosen; not who the servers are.
  t.is(texts.length, 4 * 4 * 3 * 2 * 2);
});

test('whatever is chosen, there are no faults, the inventory loads, and every role accepts its options', async (t) => {
  t.deepEqual(allChoices().flatMap(faultsOf), []);
  const ca = await newAuthority();
  const {certificate, key} = await ca.issue({names: ['www.example.org'], usage: 'server'});
  // Seven is prime to the number of everything that can be chosen: each is met with each.
  for (const choice of allChoices().filter((_, index) => index % 7 === 0)) {
    const {plays, inventory} = await evaluate(choice, {ca, certificate, key});
    checkPlays(plays, inventory, {});
    t.is(inventory.hosts.length, choice.servers.length);
    const {missing} = assumedOpenings(plays, inventory);
    // The host that is assumed there has trixie.
    t.deepEqual(
      missing.filter((each) => !each.endsWith('has no package of MySQL')),
      [],
    );
  }
});

test('the playbook can be drawn without the key of the certificate', async (t) => {
  const ca = await newAuthority();
  const {certificate} = await ca.issue({names: ['www.example.org'], usage: 'server'});
  const tls = {kind: 'files', certificate: 'site.pem', key: 'site.key'} as const;
  const {plays, inventory} = await evaluate(choices({tls}), {ca, certificate, key: new Secret('unopened', true)});
  t.deepEqual(assumedOpenings(plays, inventory).missing, []);
});

test('the playbook has what was chosen, and nothing else', (t) => {
  const plain = textOf(choices({servers: serversLike('b', 'wp')}));
  t.notRegex(
    plain,
    /replica'|keepalived|acme|ownCertificate|sshFrom|serial|3307|family|semiSync|SemiSync|acks|to:|databaseClient/,
  );
  t.regex(
    plain,
    /hosts: 'db', needs: \['database health'\]\}, \[\n\s+databaseBackup\(\{\n\s+recipients: await recipients\(\),\n\s+binaryLogs: true,\n/,
  );
  t.notRegex(textOf(choices({backups: 'nowhere'})), /databaseBackup|recipients/);
  const full = textOf(
    choices({
      servers: serversLike('b', 'b', 'wp', 'wr'),
      virtualAddress: ['192.0.2.100'],
      database: 'mysql',
      writes: 'stop',
      backups: 's1',
      sshFrom: ['192.0.2.0/24'],
      tls: {kind: 'acme', email: 'ops@example.org'},
      content: {kind: 'application', port: 3000},
    }),
  );
  t.regex(full, /application: 3000/);
  t.regex(full, /semiSync: \{onReplicaLoss: 'stop'\},/);
  t.regex(full, /databaseClient\(\{[^}]*\},\s*\.\.\.\{name: [^,]*, address: host\.vars\.virtualAddress\}/);
  t.regex(full, /play\('semi-sync', \{hosts: 'db', needs: \['replica'\]\}, \[mysqlSemiSync\(\)\]\)/);
  t.regex(full, /databaseHealth\(\{family: 'mysql', from: \{group: 'lb'\}, acks: 1\}\)/);
  t.regex(full, /hosts: 'db:s1'[\s\S]*to: \{host: 's1', key: secret\('backup\/ssh'\)\},/);
  t.is(full.match(/family: 'mysql'/g)?.length, 3);
  for (const word of ['mysqlReplication(', 'keepalived(', 'serial: 1', 'host.vars.sshFrom', 'until: ca'])
    t.true(full.includes(word), word);
});

test('the playbook is short: a page and a half, whatever is chosen', (t) => {
  const lengths = allChoices().map((choice) => textOf(choice).split('\n').length);
  t.true(Math.max(...lengths) < 100, String(Math.max(...lengths)));
});

test('texts that were typed are strings in the playbook, whatever characters they have', (t) => {
  for (const text of [`it's`, '`${', '"', '\\', `\\'`, '\u2028*/', '</script>', '日本 語']) {
    const written = textOf(choices({content: {kind: 'directory', directory: text}}));
    const literal = /directory: ('[^\n]*')\}\),$/m.exec(written)?.[1];
    t.is(new Function(`return ${literal}`)(), text);
    t.false(written.includes('\u2028'));
  }
});

/** Writes a project into a directory of its own, and gives its plays and its inventory. */
async function evaluate(choice: Choices, {certificate, ca, key}: Given) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-project-'));
  for (const [path, text] of renderProject(choice, ABOUT)) {
    mkdirSync(join(directory, path, '..'), {recursive: true});
    // The path of the certificate starts from where infra runs, which is not here.
    writeFileSync(
      join(directory, path),
      path === PLAYBOOK ? text.replace('tls/site.pem', `${directory}/own.pem`) : text,
    );
  }
  writeFileSync(join(directory, 'own.pem'), certificate);
  const inventory = loadInventory(join(directory, 'inventory/hosts.yml'));
  const secret = (name: string) => (name === 'tls/site' ? key : new Secret(`secret ${name}`));
  const context: PlaybookContext = {inventory, secret, authority: async () => ca, recipients: async () => [RECIPIENT]};
  const plays = await (await loadPlaybook(join(directory, PLAYBOOK))).plays(context);
  return {plays, inventory};
}

interface Given {
  readonly ca: Authority;
  readonly certificate: string;
  readonly key: Secret;
}
