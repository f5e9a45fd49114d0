import {ssh2Transport} from '../../../src/transport/ssh2/index.js';
import {contract} from '../contract.js';
import {really, sshServer} from './ssh-server.js';

contract('ssh2', async (t) => ({transport: ssh2Transport({}), host: await sshServer(t, really())}));
