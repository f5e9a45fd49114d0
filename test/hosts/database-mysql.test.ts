import {testDatabase} from '../support/database/scenes.js';

testDatabase('mysql');
