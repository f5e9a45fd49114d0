import {createHash} from 'node:crypto';
import {appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {inventoryDigest} from '../../src/commands/file-digests.js';
import {changedSources, digestSources} from '../../src/commands/plan-sources.js';
import {loadInventory} from '../../src/inventory/index.js';

const root = mkdtempSync(path.join(tmpdir(), 'infra-sources-'));
test.after.always(() => rmSync(root, {recursive: true}));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A project with an inventory and one file of variables; `at` gives the path of a file in it. */
function project(name: string) {
  const at = (file: string) => path.join(root, name, file);
  mkdirSync(at('group_vars'), {recursive: true});
  writeFileSync(at('hosts.yml'), 'web: {hosts: {web1: }}');
  writeFileSync(at('group_vars/web.yml'), 'port: 2222\n');
  writeFileSync(at('site.ts'), '');
  return at;
}

test('a plan knows when a file of variables has changed, is gone or is new, and names it', (t) => {
  const at = project('plan');
  const {files} = loadInventory(at('hosts.yml'));
  const sources = digestSources({playbook: at('site.ts'), inventory: files, templates: []}, sha256);
  t.deepEqual(changedSources(sources, sha256), []);

  mkdirSync(at('host_vars'));
  writeFileSync(at('host_vars/web1.yml'), '');
  t.deepEqual(changedSources(sources, sha256), [`${at('host_vars/web1.yml')} (inventory) is new`]);
  rmSync(at('host_vars/web1.yml'));

  appendFileSync(at('group_vars/web.yml'), '\n');
  t.deepEqual(changedSources(sources, sha256), [`${at('group_vars/web.yml')} (inventory) has changed`]);
  rmSync(at('group_vars/web.yml'));
  t.deepEqual(changedSources(sources, sha256), [`${at('group_vars/web.yml')} (inventory) is not there`]);
});

test("the digest on record is of the inventory and of what lies beside it, whatever the project's path", (t) => {
  const [one, other] = [project('one'), project('other')];
  t.is(inventoryDigest(one('hosts.yml')), inventoryDigest(other('hosts.yml')));
  appendFileSync(one('group_vars/web.yml'), '\n');
  t.not(inventoryDigest(one('hosts.yml')), inventoryDigest(other('hosts.yml')));
  rmSync(one('group_vars/web.yml'));
  t.is(inventoryDigest(one('hosts.yml')), sha256(JSON.stringify(['web: {hosts: {web1: }}'])));
});
