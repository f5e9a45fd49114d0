export type {ImportedHost} from './import-ansible.js';
export {importAnsible} from './import-ansible.js';
export {loadInventory, parseInventory} from './load.js';
export {inventorySchema} from './schema.js';
export {sshConfigHosts} from './ssh-config.js';
export {inventoryFiles} from './variable-files.js';
