import {mkdtemp, readdir, readFile, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {
  addLayer,
  deleteUnused,
  diskDirectory,
  hasLayers,
  hasRoom,
  linkBase,
  loadDisk,
  lowerLayers,
  parseDisk,
  takeDisk,
} from '../../../src/lab/hosts/disk.js';

/** A lab's directories, and a host of it with an empty disk on an image. */
async function newHost() {
  const state = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  const paths = {state, cache: state, project: state};
  const base = await linkBase(paths, 'web', path.join(state, 'images/trixie-2'));
  const disk = await addLayer(paths, 'web', {base, layers: []});
  takeDisk(paths, 'web', disk);
  const entries = async () => (await readdir(diskDirectory(paths, 'web'))).sort();
  return {paths, disk, entries};
}

test('a disk is the base image, layers that nothing writes to, and one that the host writes to', async (t) => {
  const {paths, disk, entries} = await newHost();
  t.deepEqual(loadDisk(paths, 'web'), {base: 'trixie-2', layers: [], upper: disk.upper});
  t.deepEqual(await entries(), [disk.upper, `${disk.upper}.work`, 'layers', 'root', 'trixie-2'].sort());
  const above = await addLayer(paths, 'web', {base: disk.base, layers: [disk.upper]});
  t.is(lowerLayers(above), `${disk.upper}:trixie-2`);
  t.is(lowerLayers({base: 'trixie-2', layers: ['first', 'second']}), 'second:first:trixie-2');
});

test('a new disk changes nothing before it is taken', async (t) => {
  const {paths, disk} = await newHost();
  const other = await addLayer(paths, 'web', {base: disk.base, layers: [disk.upper]});
  await writeFile(path.join(diskDirectory(paths, 'web'), 'layers.new'), 'trixie-2 ha');
  t.deepEqual(loadDisk(paths, 'web'), disk);
  takeDisk(paths, 'web', other);
  t.deepEqual(loadDisk(paths, 'web'), other);
});

test('what neither the disk nor a saved state needs is deleted, a link to an image without the image', async (t) => {
  const {paths, disk, entries} = await newHost();
  const image = path.join(paths.state, 'kept');
  await writeFile(image, 'image');
  const former = await linkBase(paths, 'web', image);
  const layers: string[] = [];
  for (let count = 0; count < 3; count++) layers.push((await addLayer(paths, 'web', {base: 'trixie-2', layers})).upper);
  const [unused, saved, interrupted] = layers;
  await deleteUnused(paths, 'web', ['trixie-2', String(saved)]);
  t.deepEqual(await entries(), [disk.upper, `${disk.upper}.work`, saved, 'layers', 'root', 'trixie-2'].sort());
  t.false(hasLayers(paths, 'web', {base: 'trixie-2', layers: [String(unused)]}));
  t.false(hasLayers(paths, 'web', {base: 'trixie-2', layers: [String(interrupted)]}));
  t.false(hasLayers(paths, 'web', {base: former, layers: []}));
  t.is(await readFile(image, 'utf8'), 'image');
});

test('more than thirty states can be on top of each other, and no more than fsconfig takes', (t) => {
  const layers = (count: number) => Array.from({length: count}, () => '0a1b2c');
  t.true(hasRoom({base: 'bookworm-2', layers: layers(31)}));
  t.false(hasRoom({base: 'bookworm-2', layers: layers(40)}));
});

test('a record that is cut short is ignored', (t) => {
  t.is(parseDisk(''), undefined);
  t.is(parseDisk('trixie-2'), undefined);
  t.deepEqual(parseDisk('trixie-2 aaaaaa\n'), {base: 'trixie-2', layers: [], upper: 'aaaaaa'});
});
