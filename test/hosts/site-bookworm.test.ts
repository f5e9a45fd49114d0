import {testSite} from '../support/site.js';

testSite({suite: 'bookworm', first: 151});
