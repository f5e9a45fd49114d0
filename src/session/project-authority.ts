import path from 'node:path';
import type {Authority} from '../model/index.js';
import type {Secrets} from '../secrets/index.js';
import type {Console} from './console.js';

/** The authority of the project in the directory `root`, for playbooks: opened when one asks for it, and once. */
export function projectAuthority(root: string, secrets: Secrets, {notice}: Console): () => Promise<Authority> {
  let opened: Promise<Authority> | undefined;
  return () => {
    opened ??= openProjectAuthority(root, secrets, notice);
    return opened;
  };
}

async function openProjectAuthority(root: string, secrets: Secrets, notice: Console['notice']): Promise<Authority> {
  const {openAuthority} = await import('../authority/index.js');
  const authority = await openAuthority({
    directory: path.join(root, 'secrets'),
    name: `${path.basename(root)} authority`,
    keys: {keep: (name, make) => secrets.keep(name, async () => make(), {file: 'authority'})},
    notice,
  });
  return {
    ...authority,
    issue: async (request) => {
      const leaf = await authority.issue(request);
      return {...leaf, key: secrets.hide(leaf.key)};
    },
  };
}
