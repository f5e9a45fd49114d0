export {AUTHORITY_KEY, type AuthoritySettings, type KeyStore, openAuthority} from './open-authority.js';
