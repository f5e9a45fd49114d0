import type {ScalarTag} from 'yaml';
import {raw, Secret} from '../../src/shell/index.js';

/** What case files may hold besides plain YAML. `!validate "haproxy -c -f {}"`: the path takes the place of `{}`. */
export const caseTags: ScalarTag[] = [
  {tag: '!regexp', resolve: (text) => new RegExp(text)},
  {tag: '!secret', resolve: (text) => new Secret(text)},
  {tag: '!command', resolve: (text) => raw(text)},
  {tag: '!validate', resolve: (text) => (path: string) => raw(text.replace('{}', path))},
  {tag: '!key', resolve: (text) => async () => new Secret(text)},
  {tag: '!bytes', resolve: (text) => Buffer.from(text, 'base64')},
];
