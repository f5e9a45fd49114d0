import {hostNamed} from '../../renderers/host-named.js';
import {contract} from '../contract.js';
import {localTransport} from './local-transport.js';

contract('local shell', () => ({transport: localTransport(), host: hostNamed('here')}));
