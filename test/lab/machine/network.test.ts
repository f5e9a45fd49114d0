import test from 'ava';
import {addressHolder, labAddress6} from '../../../src/lab/machine/network.js';

test("the holder of the lab's address is found, one of a similar address is not", (t) => {
  const line = (name: string, address: string) =>
    `3: ${name}    inet ${address}/24 scope global ${name}\\       valid_lft forever\n`;
  t.is(addressHolder(line('eth0', '192.0.2.1') + line('vpn7', '198.18.0.1')), 'vpn7');
  t.is(addressHolder(line('eth0', '198.18.0.11')), undefined);
});

test('the IPv6 address of a host shows the digits of its IPv4 address', (t) => {
  t.is(labAddress6('198.18.0.31'), 'fd12:c618::31');
  t.is(labAddress6('198.18.0.200'), 'fd12:c618::200');
});
