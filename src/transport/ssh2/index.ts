import type {Transport} from '../transport.js';
import {connect} from './connect.js';

/** SSH by node-ssh over ssh2, both in JavaScript. */
export const ssh2Transport: Transport = {connect};

export {scanHostKeys} from './scan-host-keys.js';
