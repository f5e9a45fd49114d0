export {openSecrets, type Secrets} from './secrets.js';
