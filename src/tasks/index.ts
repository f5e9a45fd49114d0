export {type AuthorizedKeySpec, authorizedKey} from './authorized-key.js';
export {type BlockSpec, block} from './block.js';
export {type DirectorySpec, directory} from './directory.js';
export {type FileSpec, file} from './file.js';
export {type LineSpec, line} from './line.js';
export {type SymlinkSpec, symlink} from './symlink.js';
export {type TemplateSpec, template} from './template.js';
