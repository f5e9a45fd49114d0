import {testDatabaseTls} from '../support/database-tls.js';
import {testSite} from '../support/site.js';

// sid is the one release of Debian with MySQL itself; elsewhere the family is MariaDB.
const site = testSite({suite: 'sid', first: 161, vars: {database: 'mysql'}});

testDatabaseTls('sid', site);
