import test from 'ava';
import {identityFiles} from '../../../src/lab/hosts/identity.js';

test('a host knows its own name and has an address of each family but no way out', (t) => {
  const files = new Map(identityFiles({name: 'db1', address: '198.18.0.31', suite: 'trixie'}, {lenient: []}));
  t.is(files.get('etc/hostname'), 'db1\n');
  t.regex(files.get('etc/hosts') ?? '', /^198\.18\.0\.31 db1$/m);
  const network = files.get('etc/systemd/network/10-host0.network') ?? '';
  t.regex(network, /^Address=198\.18\.0\.31\/24$/m);
  t.regex(network, /^Address=fd12:c618::31\/64$/m);
  t.notRegex(network, /Gateway|DNS|DHCP/);
});
