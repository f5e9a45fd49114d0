import {recordedTransport} from '../../../src/transport/recorded/index.js';
import {hostNamed} from '../../renderers/host-named.js';
import {contract} from '../contract.js';

contract('recorded', (_t, answers) => ({
  transport: recordedTransport({hosts: {peer: {answers}}}),
  host: hostNamed('peer'),
}));
