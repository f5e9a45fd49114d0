export {checkTypes} from './check-types.js';
export type {TypeCheck} from './compiler.js';
export {explainError} from './explain.js';
export {loadPlaybook} from './load.js';
