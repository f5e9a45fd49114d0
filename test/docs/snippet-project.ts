import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {SymbolFlags} from 'typescript/unstable/sync';
import type {Snippet} from './pages.js';
import {withTypes} from './types.js';

/** Where snippets lie as a playbook that does what all of them say, while `use` reads it. */
export async function withSnippets<Result>(
  all: readonly Snippet[],
  use: (playbook: string, cache: string) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'infra-docs-'));
  try {
    mkdirSync(join(directory, 'snippets'));
    for (const snippet of all) writeFileSync(join(directory, 'snippets', nameOf(snippet)), moduleOf(snippet));
    writeFileSync(join(directory, 'all.ts'), playbookOf(all));
    return await use(join(directory, 'all.ts'), join(directory, 'cache'));
  } finally {
    rmSync(directory, {recursive: true});
  }
}

/** Tells in messages where the snippet stands. */
const nameOf = ({page, line}: Snippet) => `${basename(page.file, '.md')}-${line}.ts`;

const isModule = ({code}: Snippet) => /^import /m.test(code);

/**
 * What imports nothing stands where it might: everything is imported, and a playbook's and a role's context are there.
 */
function moduleOf(snippet: Snippet): string {
  if (isModule(snippet)) return snippet.code;
  return `${PRELUDE}
export async function snippet({secret, authority, recipients}: PlaybookContext, context: RoleContext, ca: Authority) {
const {host, facts, inventory} = context;
${snippet.code}
}
`;
}

const PRELUDE = withTypes(process.cwd(), ({exports}) => {
  const names = [...exports].map(([name, {flags}]) => (flags & SymbolFlags.Value ? name : `type ${name}`));
  return `import {${names.join(', ')}} from 'infra';`;
});

function playbookOf(all: readonly Snippet[]): string {
  const imports = all.map((snippet, index) => {
    return `import ${isModule(snippet) ? '' : `{snippet as snippet${index}} from `}'./snippets/${nameOf(snippet)}';\n`;
  });
  const calls = all.map((each, index) => (isModule(each) ? '' : `  await snippet${index}(context, role, ca);\n`));
  return `${imports.join('')}
import {type Facts, type Host, playbook, type RoleContext, selectHosts} from 'infra';

export default playbook('snippets', async (context) => {
  const ca = await context.authority();
  const {inventory} = context;
  const [host] = inventory.hosts;
  if (host === undefined) throw new Error('no host');
  const facts: Facts = {
    hostname: 'web1', os: 'debian', codename: 'trixie', version: '13', architecture: 'amd64', cpus: 1, memory: 1,
    addresses: [], interfaces: [], client: '',
  };
  const group = (name: string): readonly Host[] => selectHosts(inventory, name);
  const role: RoleContext = {host, facts, inventory, group, factsOf: () => facts, factsIfReached: () => facts, openings: () => []};
${calls.join('')}  return [];
});
`;
}
