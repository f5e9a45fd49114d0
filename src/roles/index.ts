export {BASELINE_RULES, baseline} from './baseline/index.js';
export {type AcmeCertificate, type AcmeOptions, acme} from './certificates/acme.js';
export {
  type AuthorityFileRequest,
  authorityFile,
  type CertificateRequest,
  type CertificateSource,
  certificateFor,
} from './certificates/index.js';
export {type OwnCertificateFiles, ownCertificate} from './certificates/own-certificate.js';
export {databaseClient} from './database-client/index.js';
export {firewall} from './firewall/index.js';
export {haproxy} from './haproxy/index.js';
export {keepalived} from './keepalived/index.js';
export {databaseBackup} from './mysql/backup.js';
export {databaseFailover} from './mysql/failover.js';
export {databaseHealth} from './mysql/health.js';
export {mysqlServer} from './mysql/index.js';
export {mysqlPrimary, mysqlReplication} from './mysql/replication.js';
export {mysqlSemiSync} from './mysql/semi-sync.js';
export {nginx} from './nginx/index.js';
export {audiences} from './shared/options.js';
export {sshd} from './sshd/index.js';
