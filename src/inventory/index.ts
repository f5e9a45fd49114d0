export {inventoryFiles} from './files.js';
export {importAnsible} from './import-ansible.js';
export type {ImportedHost} from './imported-host.js';
export {loadInventory, parseInventory} from './load.js';
export {inventorySchema} from './schema.js';
export {sshConfigHosts} from './ssh-config-hosts.js';
