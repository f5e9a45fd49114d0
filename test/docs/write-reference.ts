import {writeFileSync} from 'node:fs';
import {renderReference} from './reference.js';

// Run by `npm run docs`, in the project's directory.
writeFileSync('docs/reference.md', renderReference(process.cwd()));
