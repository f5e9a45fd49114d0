export {databaseHealth} from './mysql/health.js';
export {mysqlPrimary} from './mysql/primary.js';
export {mysqlReplication} from './mysql/replication.js';
export {mysqlServer} from './mysql/server.js';
