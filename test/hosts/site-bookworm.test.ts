import {testDatabaseTls} from '../support/database-tls.js';
import {testSite} from '../support/site.js';

const site = testSite({suite: 'bookworm', first: 151});

testDatabaseTls('bookworm', site);
