export {generatePassword, PASSWORD_LENGTH} from './generate.js';
export {identityFile, loadIdentities, makeIdentity, type Place} from './identity.js';
export {checkLength, checkName, variableOf} from './names.js';
export {isBegun, projectRecipients, recipientsOf} from './project-recipients.js';
export {
  addRecipient,
  isRecipient,
  loadRecipients,
  type Recipient,
  recipientsFile,
  removeRecipient,
} from './recipients.js';
export {type Resealed, resealAll, rotateIdentity} from './reseal.js';
export {openSecrets, PASSWORDS, type Secrets} from './secrets.js';
export {singleLine} from './source.js';
export {type Changes, openStore, type Store} from './store.js';
export {madeIdentity} from './store-faults.js';
