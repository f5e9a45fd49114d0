import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {inventorySchema} from '../../inventory/index.js';
import type {Choices, ProjectAbout} from '../../project/index.js';
import {packageVersion} from '../../session/version.js';
import {readText} from '../../wizard/check-certificate.js';

/** What a project in the directory `root` is told beside the choices. */
export function projectAbout(root: string, {tls}: Choices): ProjectAbout {
  const own = fileURLToPath(new URL('../../../..', import.meta.url));
  const certificate = tls.kind === 'files' ? readText(tls.certificate) : undefined;
  return {
    name: path.basename(root),
    infra: own.includes(`${path.sep}node_modules${path.sep}`) ? packageVersion() : `file:${path.resolve(own)}`,
    typescript: compilerVersion(own),
    schema: `${JSON.stringify(inventorySchema(), undefined, 2)}\n`,
    certificate,
  };
}

function compilerVersion(own: string): string {
  // The package's own file, which names its dependencies.
  const manifest = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as {
    dependencies: {typescript: string};
  };
  return manifest.dependencies.typescript;
}
