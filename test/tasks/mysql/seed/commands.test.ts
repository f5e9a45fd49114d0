import {X509Certificate} from 'node:crypto';
import test from 'ava';
import {Secret} from '../../../../src/shell/index.js';
import {makeTransferKey, transferKey} from '../../../../src/tasks/mysql/seed/key.js';
import {startReceiving} from '../../../../src/tasks/mysql/seed/receive.js';
import {startSending} from '../../../../src/tasks/mysql/seed/send.js';
import {connectAddress, listenAddress} from '../../../../src/tasks/mysql/seed/units.js';

test('the key of a transfer is a certificate with its key, another one each time', async (t) => {
  const [one, other] = await Promise.all([makeTransferKey(), makeTransferKey()]);
  t.not(one.reveal(), other.reveal());
  const certificate = new X509Certificate(one.reveal());
  t.is(certificate.checkHost('infra-seed'), 'infra-seed');
  t.true(certificate.verify(certificate.publicKey));
  const shared = transferKey();
  t.is(await shared(), await shared());
});

test('both ends show the certificate and take no other', (t) => {
  for (const address of [listenAddress('192.0.2.1'), connectAddress('192.0.2.1')]) t.regex(address, /verify=1/);
  t.regex(listenAddress('2001:db8::1'), /bind=\[2001:db8::1\],pf=ip6/);
  t.regex(connectAddress('2001:db8::1'), /^OPENSSL-CONNECT:\[2001:db8::1\]:4444,commonname=infra-seed/);
});

test('no key is shown, and none is an argument of a program', (t) => {
  const key = new Secret('-----SECRET-----');
  const commands = [
    startReceiving({family: 'mariadb', address: '192.0.2.2', size: 1000, key, origin: 'db1', service: 'mariadb'}),
    startSending({family: 'mysql', address: '192.0.2.1', port: 3306, to: '192.0.2.2', rate: 1, key}),
  ];
  for (const command of commands) {
    t.false(command.toString().includes('SECRET'));
    t.regex(command.reveal(), /printf %s -----SECRET----- >\/run\/infra-seed\/key.pem/);
  }
});
