import {posix} from 'node:path';
import {distributionOf, privateAddressOf, type RoleContext, type Task} from '../../model/index.js';
import {directory, file, leftovers, symlink, template} from '../../tasks/index.js';
import {CLAIMED_NAMES} from '../shared/claimed-headers.js';
import {READABLE} from '../shared/managed.js';
import {optionalGroup} from '../shared/members.js';
import {reloadWorkers} from '../shared/reload.js';
import {checkSite} from './check-site.js';
import type {NginxSite} from './options.js';

/**
 * The content of the site, its file from this template, and the link that enables it. `more`: variables of that
 * template.
 */
export function siteFiles(source: string, site: NginxSite, context: RoleContext, more: object = {}): Task[] {
  const {name} = site;
  const {paths} = distributionOf(context.facts);
  const path = `${paths.sites}/${name}`;
  const vars = {...siteVars(site, context), ...more};
  const validate = (candidate: string) => checkSite(name, candidate, paths.enabledSites);
  return [
    ...contentTasks(rootOf(site), site),
    template({path, source, ...READABLE, vars, validate, notify: RELOAD}),
    symlink({path: `${paths.enabledSites}/${name}`, target: path, notify: RELOAD}),
  ];
}

/** Reloads Nginx, which logs its errors in a file and not in the journal. */
export const RELOAD = reloadWorkers('nginx', '/var/log/nginx/error.log');

/** All ports on which the site listens for clients. */
export const portsOf = (site: NginxSite): readonly number[] => [portOf(site), ...[site.tls?.plainPort ?? []].flat()];

/** Where the site listens. */
const portOf = ({port, tls}: NginxSite): number => port ?? (tls === undefined ? 80 : 443);

const rootOf = ({name}: NginxSite) => `/var/www/${name}`;

/** The headers that Nginx itself sends to the application. */
const SENT = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port', 'x-real-ip'];

function siteVars(site: NginxSite, context: RoleContext) {
  return {
    port: portOf(site),
    serverName: [site.serverName].flat().join(' '),
    root: rootOf(site),
    host: context.host.name,
    healthPath: site.healthPath,
    balancers: optionalGroup(site.balancers, 'lb', context).map(privateAddressOf),
    ipv6: site.ipv6,
    application: site.application,
    claimed: CLAIMED_NAMES.filter((name) => !SENT.includes(name)),
    // All sites share the variables of Nginx.
    prefix: site.name.replaceAll(/[^A-Za-z0-9]/g, '_'),
  };
}

/**
 * The site's directory on the web server: its pages, or the files of a directory and no others, or the page that
 * visitors see while the application does not answer. New files are written before old ones are deleted.
 */
function contentTasks(root: string, {pages, directory, application}: NginxSite): Task[] {
  if (directory !== undefined) return directoryTasks(root, directory.files);
  const own = application === undefined ? {'index.html': 'nginx/index.html'} : {'502.html': 'nginx/502.html'};
  const shown = Object.entries(pages ?? own);
  return [
    ...directoriesFor(
      root,
      shown.map(([page]) => page),
    ),
    ...shown.map(([page, source]) => template({path: `${root}/${page}`, source, ...READABLE})),
  ];
}

function directoryTasks(root: string, files: NonNullable<NginxSite['directory']>['files']): Task[] {
  const names = files.map(({name}) => name);
  return [
    ...directoriesFor(root, names),
    ...files.map(({name, path: source}) => file({path: `${root}/${name}`, source, ...READABLE})),
    leftovers({path: root, except: names}),
  ];
}

/** The directories of the files, each once and before its subdirectories. */
function directoriesFor(root: string, names: readonly string[]): Task[] {
  const paths = names.map((name) => posix.dirname(`${root}/${name}`));
  return [...new Set([root, ...paths])].map((path) => directory({path, ...READABLE, mode: '0755'}));
}
