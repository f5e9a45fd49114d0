import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {Argument} from 'commander';
import {hostDirectories} from '../../lab/hosts/host.js';
import {labPaths} from '../../lab/lab.js';
import {savedStates} from '../../lab/states.js';
import type {Project} from '../../local/project.js';
import {namesIn, readIfPossible} from '../../local/read-file.js';
import type {Given, ValueSource} from './words.js';

/**
 * The values in the user's project for an option or argument, by its name; none where the project cannot be read. Only
 * small files are read, no code of the project is run, and no connection is made.
 */
export function valuesIn(project: Project): ValueSource {
  return async (of, typed, given) => {
    const source = of instanceof Argument ? ARGUMENTS[of.name()] : (OPTIONS[of.flags] ?? OPTIONS[of.attributeName()]);
    try {
      return (await source?.(typed, given, project)) ?? [];
    } catch {
      return [];
    }
  };
}

type Source = (typed: string, given: Given, project: Project) => readonly string[] | Promise<readonly string[]>;

const runs: Source = (typed) => {
  const names = namesIn('.infra/runs').flatMap((file) => /^(\S+)\.(?:json|ndjson)$/.exec(file)?.[1] ?? []);
  const newest = names.sort().reverse();
  // The end of a run's name is enough.
  const ends = newest.map((name) => name.slice(name.lastIndexOf('-') + 1));
  return typed === '' ? newest.slice(0, 20) : [...newest, ...ends];
};

const tags: Source = (typed, given) => {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  return scanTags(given.get('playbook') ?? 'playbooks/site.ts').map((tag) => before + tag);
};

/** Completes the last term of a pattern and keeps the terms before it. */
const limit: Source = async (typed, given, project) => {
  if (/(?:^|,)@[^,]*$/.test(typed)) return [];
  const before = /^(?:.*[:,])?[!&]?/s.exec(typed)?.[0] ?? '';
  const {hosts, groups} = await inventory(given, project);
  return [...groups.keys(), ...hosts.map(({name}) => name)].map((name) => before + name);
};

const hosts: Source = async (_, given, project) => (await inventory(given, project)).hosts.map(({name}) => name);

/** The hosts of the usual groups of database servers; all where there are none. */
const databases: Source = async (_, given, project) => {
  const {hosts, groups} = await inventory(given, project);
  const found = ['primary', 'replica'].flatMap((name) => groups.get(name) ?? []);
  return (found.length > 0 ? found : hosts).map(({name}) => name);
};

/** The lab may have hosts of another project. */
const labHosts: Source = (_typed, _given, {root, env}) => hostDirectories(labPaths(root, env));

const labStates: Source = (_typed, _given, {root, env}) => savedStates(labPaths(root, env)).map(({name}) => name);

const secrets: Source = () =>
  namesIn('secrets').flatMap((file) => {
    const text = /\.age\.ya?ml$/.test(file) ? readFileSync(path.join('secrets', file), 'utf8') : '';
    return [...text.matchAll(/^(["']?)([A-Za-z0-9][A-Za-z0-9/_.-]*)\1:/gm)].map(([, , name = '']) => name);
  });

const inventories: Source = (typed) => filesIn('inventory', /\.ya?ml$/, typed);
const playbooks: Source = (typed) => filesIn('playbooks', /\.ts$/, typed);
const plans: Source = (typed) => filesIn('', /\.plan$/, typed);
const files: Source = (typed) => entries(typed, /./);

/** By the attribute of an option, or by its flags where the same attribute has another meaning elsewhere. */
const OPTIONS: Readonly<Record<string, Source>> = {
  inventory: inventories,
  playbook: playbooks,
  limit,
  tags,
  skipTags: tags,
  resume: runs,
  out: files,
  import: files,
  answers: files,
  identityFile: files,
  certificate: files,
  key: files,
  tls: () => ['authority', 'files', 'acme'],
  database: () => ['mariadb', 'mysql'],
  writes: () => ['asynchronous', 'degrade', 'stop'],
  backups: () => ['servers', 'nowhere'],
  identity: files,
  output: files,
  to: labStates,
  '--to <server>': databases,
  '--from <server>': databases,
};

const ARGUMENTS: Readonly<Record<string, Source>> = {
  plan: plans,
  run: runs,
  'run|plan': async (...asked) => [...(await plans(...asked)), ...(await runs(...asked))],
  name: secrets,
  hosts,
  server: databases,
  replicas: databases,
  host: labHosts,
  state: labStates,
};

async function inventory(given: Given, project: Project) {
  const [{loadInventory}, {defaultInventory}] = await Promise.all([
    import('../../inventory/index.js'),
    import('../../session/default-inventory.js'),
  ]);
  return loadInventory(given.get('inventory') ?? defaultInventory(project));
}

/** The files of the usual directory, or of another one that was typed. */
function filesIn(directory: string, name: RegExp, typed: string): readonly string[] {
  const usual = namesIn(directory || '.').filter((file) => name.test(file));
  const found = usual.map((file) => path.join(directory, file)).filter((file) => file.startsWith(typed));
  return found.length > 0 || typed === '' ? found : entries(typed, name);
}

/**
 * Files with such names and all directories, with `/` at the end, in the directory that was typed. Hidden ones only
 * when
 * a dot was typed.
 */
function entries(typed: string, name: RegExp): readonly string[] {
  const directory = typed.slice(0, typed.lastIndexOf('/') + 1);
  const hidden = typed.slice(directory.length).startsWith('.');
  return readdirSync(directory || '.', {withFileTypes: true}).flatMap((entry) => {
    if (entry.name.startsWith('.') && !hidden) return [];
    if (entry.isDirectory()) return `${directory}${entry.name}/`;
    return name.test(entry.name) ? directory + entry.name : [];
  });
}

/**
 * The tags written as text (`tags: 'a'`, `tags: ['a', 'b']`) in a playbook and the files that it imports by relative
 * paths. No code is run, so a tag that code composes is not found. A file that cannot be read has none.
 */
function scanTags(playbook: string): readonly string[] {
  const tags = new Set<string>();
  const files = new Set([path.resolve(playbook)]);
  for (const file of files) {
    const text = readIfPossible(file) ?? '';
    for (const tag of tagsIn(text)) tags.add(tag);
    for (const imported of importsOf(file, text)) files.add(imported);
  }
  return [...tags].sort();
}

function tagsIn(text: string): readonly string[] {
  const written = text.matchAll(/\btags:\s*(\[[^\]]*\]|'[^'\n]*'|"[^"\n]*")/g);
  return [...written].flatMap(([, value = '']) =>
    [...value.matchAll(/'([^'\n]+)'|"([^"\n]+)"/g)].map(([, single, double]) => single ?? double ?? ''),
  );
}

function importsOf(file: string, text: string): readonly string[] {
  const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*['"](\.\.?\/[^'"\n]+)['"]/g);
  return [...specifiers].map(([, to = '']) => path.resolve(path.dirname(file), to.replace(/\.js$/, '.ts')));
}
