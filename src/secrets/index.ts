export {identityFile, loadIdentities, makeIdentity, type SecretsProject} from './identity.js';
export {checkLength, checkName, generatePassword, PASSWORD_LENGTH, variableOf} from './names.js';
export {
  addRecipient,
  isBegun,
  isRecipient,
  loadRecipients,
  projectRecipients,
  type Recipient,
  recipientsFile,
  recipientsOf,
  removeRecipient,
} from './recipients.js';
export {type Resealed, resealAll, rotateIdentity} from './reseal.js';
export {openSecrets, PASSWORDS, type Secrets} from './secrets.js';
export {singleLine} from './source.js';
export {type Changes, openStore, type Store} from './store.js';
export {madeIdentity} from './store-faults.js';
