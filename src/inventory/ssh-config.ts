import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import {promisify} from 'node:util';
import {errorCode, namesIn, readIfPossible} from '../local/read-file.js';
import {matchesGlob} from '../model/index.js';
import {hostName, type ImportedHost} from './import-ansible.js';
import {readText} from './load.js';
import {shellWords} from './shell-words.js';

/**
 * The hosts that the user's OpenSSH configuration names, as `ssh -G` resolves them; names for the same server are one
 * host. Without an `ssh` program only names and `HostName` are known. `file` is read in place of `~/.ssh/config`; then
 * `InputError` is thrown when it cannot be read.
 */
export async function sshConfigHosts(file?: string): Promise<ImportedHost[]> {
  if (file !== undefined) readText(file, 'SSH configuration', () => 'Name another file.');
  const names = readSshNames(file ?? join(homedir(), '.ssh', 'config'));
  const hosts: ImportedHost[] = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const group = names.slice(start, start + AT_ONCE);
    hosts.push(...(await Promise.all(group.map((each) => resolveName(each, file)))));
  }
  return joined(hosts);
}

const AT_ONCE = 8;

/** Milliseconds for one `ssh -G`: it does not connect, but `Match exec` runs a command of the user's. */
const PATIENCE = 10_000;

async function resolveName(name: SshName, file: string | undefined): Promise<ImportedHost> {
  const given = file === undefined ? [] : ['-F', resolve(file)];
  try {
    const {stdout} = await run('ssh', [...given, '-T', '-G', '--', name.name], {timeout: PATIENCE});
    return resolved(name, stdout);
  } catch (cause) {
    const plain = {name: hostName(name.name), address: name.hostName ?? name.name, groups: []};
    return {...plain, notes: [`only its name and address are known: ${reason(cause)}`]};
  }
}

const run = promisify(execFile);

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (errorCode(cause) === 'ENOENT') return 'the program ssh is not installed';
  const said = 'stderr' in cause ? String(cause.stderr).trim().split('\n')[0] : '';
  return said ? `ssh says: ${said}` : 'ssh did not answer in time';
}

function resolved({name}: SshName, output: string): ImportedHost {
  const options = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const [, keyword = '', value = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
    options.set(keyword, [...(options.get(keyword) ?? []), value]);
  }
  const one = (keyword: string) => options.get(keyword)?.[0];
  const jump = ['proxyjump', 'proxycommand'].filter((each) => (one(each) ?? 'none') !== 'none');
  return {
    name: hostName(name),
    address: one('hostname') ?? name,
    port: Number(one('port') ?? 22),
    user: one('user'),
    identityFile: keyFile(options.get('identityfile') ?? []),
    groups: [],
    notes:
      jump.length > 0
        ? ['SSH reaches it through another host (ProxyJump or ProxyCommand), which infra does not support']
        : [],
  };
}

/** Undefined where all are OpenSSH's usual files, which are tried without being named. */
function keyFile(files: readonly string[]): string | undefined {
  if (files.every((file) => /^~\/\.ssh\/id_(?:rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss)$/.test(file))) return;
  return files.find((file) => existsSync(file.startsWith('~/') ? join(homedir(), file.slice(2)) : file));
}

/** `Host web1 web1.example.com` is one server. */
function joined(hosts: readonly ImportedHost[]): ImportedHost[] {
  const servers = new Map<string, ImportedHost[]>();
  for (const host of hosts) {
    const endpoint = JSON.stringify([host.address, host.port, host.user]);
    servers.set(endpoint, [...(servers.get(endpoint) ?? []), host]);
  }
  return [...servers.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? [];
    return {...first, aliases: others.map(({name}) => name)};
  });
}

/** A concrete name of an OpenSSH configuration, and the `HostName` in the block that names it. */
interface SshName {
  readonly name: string;
  readonly hostName?: string | undefined;
}

/**
 * The names after `Host` that are not patterns, in the order written, each once; `Include` is followed as OpenSSH does
 * it in a user's file. A file that cannot be read has none.
 */
export function readSshNames(file: string): SshName[] {
  const names = new Map<string, SshName>();
  readInto(names, file, new Set());
  return [...names.values()];
}

function readInto(names: Map<string, SshName>, file: string, read: Set<string>): void {
  if (read.has(file)) return;
  read.add(file);
  let block: readonly string[] = [];
  for (const [keyword, values] of directivesOf(file)) {
    if (keyword === 'include') {
      for (const included of values.flatMap(filesOf)) readInto(names, included, read);
    } else if (keyword === 'host') {
      block = values.filter((each) => /^[^-*?!][^*?!]*$/.test(each));
      for (const name of block) if (!names.has(name)) names.set(name, {name});
    } else if (keyword === 'match') block = [];
    else if (keyword === 'hostname') {
      for (const name of block) if (!names.get(name)?.hostName) names.set(name, {name, hostName: values[0]});
    }
  }
}

function directivesOf(file: string): [keyword: string, values: string[]][] {
  return (readIfPossible(file) ?? '').split('\n').flatMap((line): [string, string[]][] => {
    const [, keyword, rest = ''] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    return keyword === undefined ? [] : [[keyword.toLowerCase(), valuesOf(rest)]];
  });
}

function valuesOf(rest: string): string[] {
  try {
    return shellWords(rest).map(({text}) => text);
  } catch {
    // OpenSSH refuses an open quote, and reports it when it resolves a host.
    return [];
  }
}

function filesOf(pattern: string): string[] {
  const path = pattern.startsWith('~/') ? join(homedir(), pattern.slice(2)) : pattern;
  return globFiles(resolve(homedir(), '.ssh', path));
}

/**
 * The paths that an absolute pattern means, sorted, as `glob(3)`: `*` and `?` stay in one directory and skip hidden
 * names.
 */
function globFiles(pattern: string): string[] {
  const parts = pattern.split('/').filter((part) => part !== '');
  return parts.reduce((directories, part) => directories.flatMap((directory) => matchesIn(directory, part)), ['/']);
}

function matchesIn(directory: string, part: string): string[] {
  if (!/[*?[]/.test(part)) return existsSync(join(directory, part)) ? [join(directory, part)] : [];
  const names = namesIn(directory).filter((name) => part.startsWith('.') || !name.startsWith('.'));
  return names.filter((name) => matchesGlob(part, name)).map((name) => join(directory, name));
}
