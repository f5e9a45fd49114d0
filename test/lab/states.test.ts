import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {LabHost} from '../../src/lab/hosts/host.js';
import {LabError} from '../../src/lab/lab.js';
import {hostsOf} from '../../src/lab/reset.js';
import {forgetHosts} from '../../src/lab/save.js';
import {
  checkNewState,
  dropState,
  keepState,
  type SavedHost,
  savedLayers,
  savedState,
  savedStates,
} from '../../src/lab/states.js';

const WEB: LabHost = {name: 'web', address: '198.18.0.10', suite: 'trixie'};
const DB: LabHost = {name: 'db', address: '198.18.0.11', suite: 'sid'};
const saved = (host: LabHost, ...layers: string[]): SavedHost => ({...host, base: `${host.suite}-2`, layers});

async function newLab() {
  const state = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  return {state, cache: state, project: state};
}

test('a state is read as it was saved, and says which layers are needed', async (t) => {
  const paths = await newLab();
  t.deepEqual(savedStates(paths), []);
  const [first, second] = [
    {name: 'first', hosts: [saved(WEB, 'aa'), saved(DB, 'bb')]},
    {name: 'second', hosts: [saved(WEB, 'aa', 'cc')]},
  ];
  keepState(paths, second);
  keepState(paths, first);
  t.deepEqual(savedStates(paths), [first, second]);
  t.deepEqual(savedState(paths, 'second'), second);
  t.deepEqual([...new Set(savedLayers(paths, 'web'))], ['trixie-2', 'aa', 'cc']);
  dropState(paths, 'first');
  t.deepEqual(savedLayers(paths, 'db'), []);
});

test('a state that is being written does not exist yet', async (t) => {
  const paths = await newLab();
  keepState(paths, {name: 'whole', hosts: [saved(WEB, 'aa')]});
  await writeFile(path.join(paths.state, 'states', '.half'), 'web 198.18.0.10 trixie trixie-2 bb\n');
  t.deepEqual(
    savedStates(paths).map(({name}) => name),
    ['whole'],
  );
  t.deepEqual(savedLayers(paths, 'web'), ['trixie-2', 'aa']);
});

test('a host that is removed from the lab is removed from its states, and a state without hosts is deleted', async (t) => {
  const paths = await newLab();
  keepState(paths, {name: 'both', hosts: [saved(WEB, 'aa'), saved(DB, 'bb')]});
  keepState(paths, {name: 'one', hosts: [saved(WEB, 'cc')]});
  forgetHosts(paths, ['web']);
  t.deepEqual(savedStates(paths), [{name: 'both', hosts: [saved(DB, 'bb')]}]);
});

test('an unknown state, and a name that is taken or impossible, are refused', async (t) => {
  const paths = await newLab();
  refused(t, () => savedState(paths, 'fresh'), /no saved state fresh/, /infra lab save/);
  keepState(paths, {name: 'fresh', hosts: [saved(WEB)]});
  refused(t, () => savedState(paths, 'frish'), /no saved state frish/, /fresh/);
  refused(t, () => checkNewState(paths, 'fresh'), /fresh exists/, /infra lab forget fresh/);
  for (const name of ['', '.hidden', '../up', 'a b', 'A', 'a/b', 'a\n']) {
    refused(t, () => checkNewState(paths, name), /cannot be the name/, /lower case/);
  }
  t.notThrows(() => checkNewState(paths, 'packages-13.1'));
});

test('a state belongs to its hosts: their names, addresses and releases', async (t) => {
  const state = {name: 'fresh', hosts: [saved(WEB, 'aa'), saved(DB, 'bb')]};
  t.deepEqual(hostsOf(state, [WEB, DB], []), state.hosts);
  t.deepEqual(hostsOf(state, [WEB, DB], ['db']), [saved(DB, 'bb')]);
  const chosen =
    (recorded: readonly LabHost[], ...names: string[]) =>
    () =>
      hostsOf(state, recorded, names);
  refused(t, chosen([WEB, DB], 'web', 'lb'), /fresh does not include lb/, /web, db/);
  refused(t, chosen([WEB]), /db as sid at 198\.18\.0\.11; it is not in the lab now/, /infra lab forget fresh/);
  const moved = {...WEB, address: '198.18.0.12'};
  refused(t, chosen([moved, DB]), /web as trixie at 198\.18\.0\.10; it is trixie at 198\.18\.0\.12/, /forget/);
  refused(t, chosen([{...WEB, suite: 'sid'}, DB], 'web'), /it is sid at 198\.18\.0\.10 now/, /forget/);
  t.deepEqual(hostsOf(state, [moved, DB], ['db']), [saved(DB, 'bb')]);
});

function refused(t: ExecutionContext, work: () => unknown, message: RegExp, hint: RegExp): void {
  const error = t.throws(work, {instanceOf: LabError, message});
  t.regex(error instanceof LabError ? error.hint : '', hint);
}
