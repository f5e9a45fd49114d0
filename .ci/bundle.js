/*
 * After tsc: the compiled sources and the packages they use, as a few files in build/bundle/. Node reads some 300 files
 * less at each start, which is a quarter of the time that a plan takes. bin/infra runs it when it is newer than build/src/.
 *
 * A module keeps the URL it would have in a copy of build/src/ at build/bundle/, so that what it finds by its own place
 * (templates, the package's index, the hooks for playbooks) is found from the bundle too, as its own copy.
 */
import {readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('../build/', import.meta.url));
const [from, to] = [path.join(root, 'src'), path.join(root, 'bundle')];

/** What is run or imported by name; everything else becomes parts that these share. */
const ENTRIES = ['cli.js', 'index.js', 'playbooks/hooks.js'];

/** Packages that find their own native parts. */
const EXTERNAL = ['oxc-transform', 'cpu-features', '*.node'];

/** CommonJS packages ask for these. */
const BANNER = `import {createRequire as __createRequire} from 'node:module';
const require = __createRequire(import.meta.url), __filename = require('node:url').fileURLToPath(import.meta.url);
const __dirname = require('node:path').dirname(__filename);
const __bundle = import.meta.url.replace(/\\/bundle\\/.*$/s, '/bundle/');`;

const keepUrls = {
  name: 'keep-urls',
  setup(bundler) {
    bundler.onLoad({filter: /\.js$/}, async ({path: file}) => {
      if (!file.startsWith(from + path.sep)) return undefined;
      const text = await readFile(file, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const here = `(__bundle + ${JSON.stringify(path.relative(from, file))})`;
      return {contents: text.replaceAll('import.meta.url', here), loader: 'js', resolveDir: path.dirname(file)};
    });
  },
};

const {metafile} = await build({
  entryPoints: ENTRIES.map((entry) => path.join(from, entry)),
  outbase: from,
  outdir: to,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: EXTERNAL,
  banner: {js: BANNER},
  plugins: [keepUrls],
  logLevel: 'warning',
  metafile: true,
});
await writeFile(path.join(to, 'index.d.ts'), "export * from '../src/index.js';\n");
await removeParts(Date.now() - 3_600_000);
// esbuild leaves alone what has not changed, but bin/infra asks when this was made.
await utimes(path.join(to, 'cli.js'), new Date(), new Date());

/** Parts of earlier bundles, except young ones: a process that started with them may still load them. */
async function removeParts(before) {
  const current = new Set(Object.keys(metafile.outputs).map((output) => path.resolve(output)));
  const files = (await readdir(to)).filter((name) => name.endsWith('.js')).map((name) => path.join(to, name));
  for (const file of files) {
    if (!current.has(file) && (await stat(file)).mtimeMs < before) await rm(file);
  }
}
