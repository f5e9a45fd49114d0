export {BASELINE_RULES, baseline} from './baseline.js';
export {type AcmeCertificate, type AcmeOptions, acme} from './certificates/acme.js';
export {type OwnCertificateFiles, ownCertificate} from './certificates/own-certificate.js';
export {
  type AuthorityFileRequest,
  authorityFile,
  type CertificateRequest,
  type CertificateSource,
  certificateFor,
} from './certificates.js';
export {firewall} from './firewall.js';
export {haproxy} from './haproxy.js';
export {keepalived} from './keepalived.js';
export {databaseHealth, mysqlPrimary, mysqlReplication, mysqlServer} from './mysql.js';
export {nginx} from './nginx.js';
export {sshd} from './sshd.js';
