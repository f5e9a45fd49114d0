import {basename} from 'node:path';
import test from 'ava';
import {parseInventory} from '../../src/inventory/index.js';
import {checkTypes, loadPlaybook} from '../../src/playbooks/index.js';
import {placeholderContext} from '../../src/session/load-topology.js';
import {loadPages, type Snippet, snippetsIn} from './pages.js';
import {withSnippets} from './snippet-project.js';

const snippets = loadPages().flatMap(snippetsIn);

test('the TypeScript of the documentation is right in its types', async (t) => {
  t.deepEqual(await faultsIn(snippets.filter(({kind}) => kind === 'ts')), []);
});

test('each example of the reference is accepted by the task, the role or the function that it shows', async (t) => {
  // One reads a file that is not there.
  const examples = snippets.filter(
    ({page, code}) => page.file.endsWith('reference.md') && !code.includes(".pem', key"),
  );
  t.true(examples.length > 40);
  const inventory = parseInventory('web: {hosts: {web1: , web3: }}\nprod: {hosts: {web1: , web3: }}\n', 'hosts.yml');
  await t.notThrowsAsync(
    withSnippets(examples, async (playbook, cache) => {
      const {compiled} = await checkTypes(playbook, cache);
      const made = await loadPlaybook(playbook, compiled);
      return made.plays(placeholderContext(inventory));
    }),
  );
});

test('TypeScript that is left out says why', (t) => {
  const left = snippets.filter(({kind}) => /^(ts|typescript|js)\b/.test(kind) && kind !== 'ts');
  t.deepEqual(
    left.filter(({kind}) => !/^ts skip: .+/.test(kind)).map(({page, line}) => `${page.file}:${line}`),
    [],
  );
});

test('an option that does not exist is found, in a task as in each kind of role', async (t) => {
  const wrong = ["apt({packges: 'x'})", 'firewall({sshh: {}})', "nginx({serverNam: 'x'})", "haproxy({backed: 'web'})"];
  const page = {file: 'wrong.md', text: wrong.map((code) => `\`\`\`ts\n${code}\n\`\`\`\n`).join('')};
  t.is((await faultsIn(snippetsIn(page))).length, wrong.length);
});

function faultsIn(all: readonly Snippet[]): Promise<readonly string[]> {
  return withSnippets(all, async (playbook, cache) => {
    const {diagnostics, skipped} = await checkTypes(playbook, cache);
    if (skipped !== undefined) throw new Error(skipped);
    return diagnostics.map(({message, at}) => `${basename(at?.file ?? '')}:${at?.line}: ${message}`);
  });
}
