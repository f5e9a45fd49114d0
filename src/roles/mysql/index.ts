export {databaseHealth} from './health.js';
export {mysqlPrimary} from './primary.js';
export {mysqlReplication} from './replication.js';
export {mysqlServer} from './server.js';
