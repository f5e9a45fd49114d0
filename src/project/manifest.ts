import type {ProjectAbout} from './about.js';

/** `package.json`: what `npm install` gets, and the three commands. */
export function renderManifest({name, infra, typescript}: ProjectAbout): string {
  return renderJson({
    name: packageName(name),
    private: true,
    type: 'module',
    engines: {node: '>=20.19'},
    scripts: {plan: 'infra plan', apply: 'infra apply', check: 'tsc --noEmit'},
    devDependencies: {infra, typescript},
  });
}

/** `tsconfig.json`: the rules that infra checks playbooks by, for editors. */
export function renderTsconfig(): string {
  return renderJson({
    compilerOptions: {
      strict: true,
      target: 'es2023',
      module: 'esnext',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      // Where npm puts what infra needs: beside it, or in its own directory.
      typeRoots: ['node_modules/@types', 'node_modules/infra/node_modules/@types'],
    },
    include: ['playbooks'],
  });
}

const renderJson = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

/** npm takes lower case, digits, "-", "_" and "."; a name never begins with one of the last two. */
function packageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return plain === '' || plain === 'infra' || plain === 'node_modules' ? 'infra-project' : plain.slice(0, 100);
}
