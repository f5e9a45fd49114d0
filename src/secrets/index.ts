export {replaceFile} from './replace-file.js';
export {openSecrets, PASSWORDS, type Secrets} from './secrets.js';
