export {haproxy} from './haproxy.js';
export {mysqlPrimary, mysqlReplication, mysqlServer} from './mysql.js';
export {nginx} from './nginx.js';
