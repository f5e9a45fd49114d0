import test from 'ava';
import {tlsSettings} from '../../../src/roles/shared/mozilla.js';

test('intermediate is what Mozilla publishes', (t) => {
  t.deepEqual(tlsSettings('intermediate', [3, 5]), {
    protocols: ['TLSv1.2', 'TLSv1.3'],
    ciphers: [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-RSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-RSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-RSA-CHACHA20-POLY1305',
    ],
    suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
    curves: ['X25519MLKEM768', 'X25519', 'prime256v1', 'secp384r1'],
  });
});

test('modern has only TLS 1.3 and needs no list of ciphers', (t) => {
  const {protocols, ciphers} = tlsSettings('modern', [3, 6]);
  t.deepEqual({protocols, ciphers}, {protocols: ['TLSv1.3'], ciphers: []});
});

test('an OpenSSL before 3.5 does not get a curve that it would refuse', (t) => {
  t.deepEqual(tlsSettings('intermediate', [3, 0]).curves, ['X25519', 'prime256v1', 'secp384r1']);
});
