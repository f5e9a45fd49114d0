import test from 'ava';
import type {Facts} from '../../../src/model/index.js';
import {sizesOf} from '../../../src/roles/mysql/sizing.js';

const host = (mebibytes: number): Facts => ({
  ...{hostname: 'db1', os: 'debian', codename: 'trixie', version: '13', architecture: 'amd64', cpus: 2},
  ...{memory: mebibytes * 2 ** 20, addresses: [], interfaces: [], client: ''},
});

test('the pool is about half of the memory that the rest leaves, in steps that an update does not cross', (t) => {
  const pool = (mebibytes: number) => sizesOf({maxConnections: 200}, host(mebibytes)).bufferPool;
  t.deepEqual([487, 980, 1960, 3900, 16_000, 64_300].map(pool), [128, 256, 704, 1664, 7680, 30_720]);
  t.is(pool(1000 * 1024), 65_536);
  t.is(pool(16_000), pool(16_030));
});

test('each size can be set, and the log follows the pool', (t) => {
  t.like(sizesOf({maxConnections: 200, memory: 2048}, host(64_000)), {bufferPool: 768, redoLog: 192});
  t.like(sizesOf({maxConnections: 200, bufferPool: 4096}, host(64_000)), {bufferPool: 4096, redoLog: 1024});
  t.like(sizesOf({maxConnections: 200, bufferPool: 40_960}, host(64_000)), {redoLog: 2048});
  t.like(sizesOf({maxConnections: 200, redoLog: 512}, host(1000)), {redoLog: 512});
});

test('one account cannot take all connections', (t) => {
  const most = (maxConnections: number) => sizesOf({maxConnections}, host(2000)).maxUserConnections;
  t.deepEqual([1, 2, 10, 200, 1000].map(most), [1, 1, 9, 180, 980]);
});
