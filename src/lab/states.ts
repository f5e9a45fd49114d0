import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {namesIn, readIfPossible} from '../local/read-file.js';
import {replaceFile} from '../local/write-file.js';
import {isLabSuite, type LabHost} from './hosts/host.js';
import {LabError, type LabPaths} from './lab.js';

/** A host in a saved state: which host it was, and the layers of its disk, oldest first. */
export type SavedHost = LabHost & {readonly base: string; readonly layers: readonly string[]};

/** A state that `infra lab save` kept. It belongs to these hosts. */
export type SavedState = {readonly name: string; readonly hosts: readonly SavedHost[]};

/** Throws `LabError` for a name that a state cannot have, or that one has already. */
export function checkNewState(paths: LabPaths, name: string): void {
  if (!/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/.test(name)) {
    const hint = 'Use lower case letters, digits, dots and hyphens.';
    throw new LabError('bad-state', `${JSON.stringify(name)} cannot be the name of a saved state`, hint);
  }
  if (!savedStates(paths).some((state) => state.name === name)) return;
  throw new LabError('bad-state', `The state ${name} exists`, `Choose another name, or run infra lab forget ${name}.`);
}

/** All saved states, by name. */
export function savedStates(paths: LabPaths): readonly SavedState[] {
  // A file that is being written begins with a dot.
  const whole = namesIn(statesDirectory(paths)).filter((name) => !name.startsWith('.'));
  return whole.map((name) => ({name, hosts: parseState(readIfPossible(join(statesDirectory(paths), name)) ?? '')}));
}

/** The saved state with this name. Throws `LabError`, which names those that exist. */
export function savedState(paths: LabPaths, name: string): SavedState {
  const states = savedStates(paths);
  const state = states.find((each) => each.name === name);
  if (state) return state;
  const known = states.map((each) => each.name).join(', ');
  const hint = known ? `Name one of ${known}.` : 'Save one with infra lab save.';
  throw new LabError('unknown-state', `The lab has no saved state ${name}`, hint);
}

/** Keeps a state, in one step: until then it does not exist. */
export function keepState(paths: LabPaths, {name, hosts}: SavedState): void {
  mkdirSync(statesDirectory(paths), {recursive: true, mode: 0o755});
  replaceFile(join(statesDirectory(paths), name), hosts.map(renderHost).join(''), 0o644);
}

/** Deletes the record of a state; its layers stay until `deleteUnused`. */
export function dropState(paths: LabPaths, name: string): void {
  rmSync(join(statesDirectory(paths), name), {force: true});
}

/** The layers and bases of a host that saved states need. */
export function savedLayers(paths: LabPaths, host: string): readonly string[] {
  const saved = savedStates(paths).flatMap(({hosts}) => hosts.filter(({name}) => name === host));
  return saved.flatMap(({base, layers}) => [base, ...layers]);
}

/** Parses what `keepState` writes: `NAME ADDRESS SUITE BASE LAYER...`, one host a line. */
export function parseState(text: string): readonly SavedHost[] {
  return text.split('\n').flatMap((line) => {
    const [name, address, suite, base, ...layers] = line.split(' ');
    return name && address && suite && isLabSuite(suite) && base ? [{name, address, suite, base, layers}] : [];
  });
}

function renderHost({name, address, suite, base, layers}: SavedHost) {
  return `${[name, address, suite, base, ...layers].join(' ')}\n`;
}

function statesDirectory(paths: LabPaths) {
  return join(paths.state, 'states');
}
