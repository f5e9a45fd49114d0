import test from 'ava';
import {withInnerAddresses} from '../../src/wizard/with-inner-addresses.js';

const server = {name: 'web1', roles: ['web']} as const;

test('a server that was given by a DNS name is known to the others by the address of that name', async (t) => {
  t.deepEqual(await withInnerAddresses([{...server, address: 'localhost'}]), [
    {...server, address: 'localhost', privateAddress: '127.0.0.1'},
  ]);
});

test('what is an address already, was said, or is not found stays as it is', async (t) => {
  const servers = [
    {...server, address: '192.0.2.1'},
    {...server, address: 'localhost', privateAddress: '192.0.2.7'},
    {...server, address: 'nowhere.invalid'},
  ];
  t.deepEqual(await withInnerAddresses(servers), servers);
});
