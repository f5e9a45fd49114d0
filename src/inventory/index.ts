export {loadInventory, parseInventory} from './load.js';
