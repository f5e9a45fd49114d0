import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import test from 'ava';
import {SymbolFlags} from 'typescript/unstable/sync';
import {checkTypes} from '../../src/playbooks/index.js';
import {loadPages, type Snippet, snippetsIn} from './pages.js';
import {withTypes} from './types.js';

const snippets = loadPages().flatMap(snippetsIn);

test('the TypeScript of the documentation is right in its types', async (t) => {
  t.deepEqual(await faultsIn(snippets.filter(({kind}) => kind === 'ts')), []);
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

/** Each snippet becomes a file; one file that imports them all is checked. */
async function faultsIn(all: readonly Snippet[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'infra-docs-'));
  try {
    mkdirSync(join(folder, 'snippets'));
    const names = all.map(({page, line}) => `${basename(page.file, '.md')}-${line}.ts`);
    for (const [index, snippet] of all.entries())
      writeFileSync(join(folder, 'snippets', names[index] ?? ''), moduleOf(snippet));
    const root = join(folder, 'all.ts');
    writeFileSync(root, names.map((name) => `import './snippets/${name}';\n`).join(''));
    const {diagnostics, skipped} = await checkTypes(root, join(folder, 'cache'));
    if (skipped !== undefined) throw new Error(skipped);
    return diagnostics.map(({message, at}) => `${basename(at?.file ?? '')}:${at?.line}: ${message}`);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** What imports nothing stands where it might: everything is imported, and a playbook's and a role's context are there. */
function moduleOf({code}: Snippet): string {
  if (/^import /m.test(code)) return code;
  return `${PRELUDE}
export async function snippet({secret, authority}: PlaybookContext, context: RoleContext, ca: Authority) {
const {host, facts, inventory} = context;
${code}
}
`;
}

const PRELUDE = withTypes(process.cwd(), ({exports}) => {
  const names = [...exports].map(([name, {flags}]) => (flags & SymbolFlags.Value ? name : `type ${name}`));
  return `import {${names.join(', ')}} from 'infra';`;
});
