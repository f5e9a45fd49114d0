export {loadInventory, parseInventory} from './load.js';
export {inventorySchema} from './schema.js';
