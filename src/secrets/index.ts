export {replaceFile} from './replace-file.js';
export {openSecrets, type Secrets} from './secrets.js';
