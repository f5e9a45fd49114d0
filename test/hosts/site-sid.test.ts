import {testSite} from '../support/site.js';

// sid is the one release of Debian with MySQL itself; elsewhere the family is MariaDB.
testSite({suite: 'sid', first: 161, vars: {database: 'mysql'}});
