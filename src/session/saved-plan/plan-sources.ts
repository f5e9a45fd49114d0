import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {inventoryFiles} from '../../inventory/variable-files.js';
import {readIfPossible} from '../../local/read-file.js';
import type {Digest, PlanFile} from '../../plans/index.js';
import {codeFiles} from '../../playbooks/sources.js';
import {OUR_TEMPLATES} from '../session.js';

type PlanSource = PlanFile['files'][number];

/** The files that a plan is made from, by absolute paths. */
export interface PlanSources {
  /** The directory of the project. */
  readonly root: string;
  readonly playbook: string;
  /** The inventory file first, then the files of variables next to it. */
  readonly inventory: readonly string[];
  /** Templates and local files that tasks read. */
  readonly templates: Iterable<string>;
}

/** Every file that a plan was made from, and this package as a whole, each with its digest. */
export function digestSources({root, playbook, inventory, templates}: PlanSources, digest: Digest): PlanSource[] {
  const describe = (role: PlanSource['role']) => (file: string) => {
    return {path: nameOf(file, root), role, digest: digestFile(readFileSync(file, 'latin1'), digest)};
  };
  const code = codeFiles(path.resolve(root, playbook));
  return [
    ...code.playbook.map(describe('playbook')),
    ...code.package.map(describe('package')),
    ...inventory.map(describe('inventory')),
    ...[...new Set(templates)].sort().map(describe('template')),
    {path: 'infra', role: 'infra', digest: digestPackage(digest)},
  ];
}

/**
 * Files that have changed: `playbooks/site.ts has changed`. New ones count too: a file of variables next to the
 * inventory, and a file that an import of the playbook now resolves to instead of another.
 */
export function changedSources(root: string, sources: readonly PlanSource[], digest: Digest): string[] {
  const changed = sources.flatMap(({path: name, role, digest: then}) => {
    if (role === 'infra') return digestPackage(digest) === then ? [] : ['infra itself is another version'];
    const text = readIfPossible(fileOf(name, root), 'latin1');
    if (text === undefined) return [`${name} (${role}) is missing`];
    return digestFile(text, digest) === then ? [] : [`${name} (${role}) has changed`];
  });
  return [...changed, ...newVariableFiles(root, sources), ...(changed.length > 0 ? [] : newCode(root, sources))];
}

/** New imports of the playbook; none when the plan has no playbook. */
function newCode(root: string, sources: readonly PlanSource[]): string[] {
  const [playbook, ...others] = sources.filter(({role}) => role === 'playbook' || role === 'package');
  if (playbook === undefined) return [];
  const names = [playbook, ...others].map(({path: name}) => name);
  return Object.entries(codeFiles(fileOf(playbook.path, root))).flatMap(([role, files]) => {
    const now = files.map((file) => nameOf(file, root));
    return now.filter((name) => !names.includes(name)).map((name) => `${name} (${role}) is new`);
  });
}

function newVariableFiles(root: string, sources: readonly PlanSource[]): string[] {
  const names = sources.filter(({role}) => role === 'inventory').map(({path: name}) => name);
  const now = names.slice(0, 1).flatMap((name) => inventoryFiles(fileOf(name, root)));
  const added = now.map((file) => nameOf(file, root)).filter((name) => !names.includes(name));
  return added.map((name) => `${name} (inventory) is new`);
}

/** Files that were written after a time, in milliseconds: the plan may come from the text before. */
export function writtenSince(root: string, sources: readonly PlanSource[], time: number): string[] {
  const names = sources.filter(({role}) => role !== 'infra').map(({path: name}) => name);
  return names.filter((name) => statSync(fileOf(name, root)).ctimeMs > time);
}

const digestFile = (text: string, digest: Digest) => digest(JSON.stringify(['file', text]));

/** A file's path relative to the project if it is in it; for templates of this package, their name in it. */
function nameOf(file: string, root: string): string {
  const [inProject, inPackage] = [path.relative(root, file), path.relative(OUR_TEMPLATES, file)];
  if (!inProject.startsWith('..')) return inProject;
  return inPackage.startsWith('..') ? file : `${OURS}${inPackage}`;
}

const OURS = 'infra:';

function fileOf(name: string, root: string): string {
  return name.startsWith(OURS) ? path.join(OUR_TEMPLATES, name.slice(OURS.length)) : path.resolve(root, name);
}

/** All code of this package: another version may plan the same files differently. */
function digestPackage(digest: Digest): string {
  const directory = fileURLToPath(new URL('../../../src/', import.meta.url));
  const files = readdirSync(directory, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.js'));
  return digest(JSON.stringify(files.sort().map((name) => [name, readFileSync(path.join(directory, name), 'latin1')])));
}
