export {connect} from './connect.js';
export type {Connection, RunOptions} from './connection.js';
