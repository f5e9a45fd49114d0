import {ANYWHERE, ROLE_SYNONYMS} from './role-synonyms.js';

/**
 * What to write for the names that other tools (Ansible, Puppet, Chef, Salt) give to an option, or undefined. `type`: a
 * task type, a role, `play` or `listens`; with a dot an option of it that has options itself.
 */
export function optionMeant(type: string, name: string): string | undefined {
  const own = {...SYNONYMS[type], ...ROLE_SYNONYMS[type]};
  if (Object.hasOwn(own, name)) return `Write ${own[name]}.`;
  return Object.hasOwn(ANYWHERE, name) ? ANYWHERE[name] : undefined;
}

const PATH = {
  dest: "path: '/etc/app.conf'",
  destination: "path: '/etc/app.conf'",
  file: "path: '/etc/app.conf'",
  filename: "path: '/etc/app.conf'",
  name: "path: '/etc/app.conf'",
  target: "path: '/etc/app.conf'",
};

const FILE = {
  ...PATH,
  body: "content: 'text'",
  data: "content: 'text'",
  text: "content: 'text'",
  from: "source: 'app.conf'",
  local: "source: 'app.conf'",
  src: "source: 'app.conf'",
  permissions: "mode: '0644'",
  perms: "mode: '0644'",
  user: "owner: 'root'",
};

const PLACE = {
  after: 'insertAfter: /^Port /',
  before: 'insertBefore: /^Port /',
  insertafter: 'insertAfter: /^Port /',
  insertbefore: 'insertBefore: /^Port /',
};

/** By task type and name: the option, as it is written. */
export const SYNONYMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apt: {
    cache_valid_time: 'cacheMaxAge: 3600',
    ensure: "state: 'latest'",
    install_recommends: 'recommends: true',
    name: "packages: 'nginx'",
    pkg: "packages: 'nginx'",
    update_cache: 'cacheMaxAge: 0',
    version: "packages: 'nginx=1.26.*'",
  },
  authorizedKey: {
    name: "user: 'deploy'",
    pubkey: "key: 'ssh-ed25519 …'",
    publicKey: "key: 'ssh-ed25519 …'",
    ssh_key: "key: 'ssh-ed25519 …'",
    username: "user: 'deploy'",
  },
  block: {dest: PATH.dest, file: PATH.file, content: "block: 'lines'", text: "block: 'lines'", ...PLACE},
  certificate: {
    issuer: 'from: await authority()',
    provider: 'from: await authority()',
    source: 'from: await authority()',
  },
  command: {
    become_user: "user: 'deploy'",
    chdir: "cwd: '/srv'",
    cmd: "command: 'make install'",
    code: "command: 'make install'",
    directory: "cwd: '/srv'",
    environment: "env: {NAME: 'value'}",
    not_if: "unless: 'test -e /srv/done'",
    run: "command: 'make install'",
    runas: "user: 'deploy'",
    script: "command: 'make install'",
    shell: "command: 'make install'",
  },
  directory: {dest: "path: '/srv/app'", dir: "path: '/srv/app'", name: "path: '/srv/app'", user: FILE.user},
  file: FILE,
  group: {id: 'gid: 2000', group: "name: 'app'", groupname: "name: 'app'"},
  guardedFile: {dest: PATH.dest, file: PATH.file, text: FILE.text, user: FILE.user},
  line: {
    dest: PATH.dest,
    file: PATH.file,
    name: PATH.name,
    content: "line: 'the whole line'",
    text: "line: 'the whole line'",
    pattern: 'match: /^Port /',
    regex: 'match: /^Port /',
    regexp: 'match: /^Port /',
    ...PLACE,
  },
  mysqlDatabase: {
    charset: "characterSet: 'utf8mb4'",
    collate: "collation: 'utf8mb4_unicode_ci'",
    database: "name: 'app'",
    db: "name: 'app'",
    encoding: "characterSet: 'utf8mb4'",
  },
  mysqlUser: {
    host: "hosts: ['192.0.2.21']",
    priv: "grants: {'app.*': ['SELECT']}",
    privileges: "grants: {'app.*': ['SELECT']}",
    user: "name: 'app'",
    username: "name: 'app'",
  },
  permissions: {dest: PATH.dest, file: PATH.file, mode: "most: '0600'", name: PATH.name, user: FILE.user},
  service: {
    enable: 'enabled: true',
    ensure: 'running: true',
    started: 'running: true',
    state: 'running: true or running: false',
    unit: "name: 'nginx'",
  },
  symlink: {
    dest: "path: '/srv/now'",
    link: "path: '/srv/now'",
    name: "path: '/srv/now'",
    source: "target: '/srv/releases/42'",
    src: "target: '/srv/releases/42'",
    to: "target: '/srv/releases/42'",
  },
  sysctl: {key: "name: 'vm.swappiness'", sysctl_file: "file: '/etc/sysctl.d/app.conf'", val: 'value: 10'},
  template: {
    ...PATH,
    context: 'vars: {port: 80}',
    data: 'vars: {port: 80}',
    src: "source: 'app.conf.ejs'",
    template: "source: 'app.conf.ejs'",
    variables: 'vars: {port: 80}',
    user: FILE.user,
  },
  user: {
    append: 'exactGroups: false',
    gecos: "comment: 'Anna'",
    gid: "group: 'app'",
    home_dir: "home: '/srv/app'",
    homedir: "home: '/srv/app'",
    id: 'uid: 2000',
    login: "name: 'deploy'",
    remove: 'removeHome: true',
    user: "name: 'deploy'",
    username: "name: 'deploy'",
  },
};
