import {posix} from 'node:path';
import type {RoleContext, Task} from '../../model/index.js';
import {directory, symlink, template} from '../../tasks/index.js';
import {addressFor} from '../members.js';
import {READABLE} from '../readable.js';
import {checkSite} from './check-site.js';
import type {NginxSite} from './options.js';
import {RELOAD} from './reload.js';

/** The site's pages, its file from this template, and the link that enables it. `more`: variables of that template. */
export function siteFiles(source: string, site: NginxSite, context: RoleContext, more: object = {}): Task[] {
  const {name} = site;
  const path = `/etc/nginx/sites-available/${name}`;
  const vars = {...siteVars(site, context), ...more};
  const validate = (candidate: string) => checkSite(name, candidate);
  return [
    ...content(rootOf(site), site.pages),
    template({path, source, ...READABLE, vars, validate, notify: RELOAD}),
    symlink({path: `/etc/nginx/sites-enabled/${name}`, target: path, notify: RELOAD}),
  ];
}

/** Where the site listens. */
const portOf = ({port, tls}: NginxSite): number => port ?? (tls === undefined ? 80 : 443);

/** All ports that it listens on for clients. */
export const portsOf = (site: NginxSite): readonly number[] => [portOf(site), ...[site.tls?.plainPort ?? []].flat()];

const rootOf = ({name}: NginxSite) => `/var/www/${name}`;

function siteVars(site: NginxSite, {host, group}: RoleContext) {
  return {
    port: portOf(site),
    serverName: [site.serverName].flat().join(' '),
    root: rootOf(site),
    host: host.name,
    healthPath: site.healthPath,
    balancers: group(site.balancers).map(addressFor),
    ipv6: site.ipv6,
  };
}

/** The pages and the folders they lie in, each folder once and before what is in it. */
function content(root: string, pages: Readonly<Record<string, string>>): Task[] {
  const paths = Object.keys(pages).map((page) => `${root}/${page}`);
  const folders = [...new Set([root, ...paths.map((path) => posix.dirname(path))])];
  return [
    ...folders.map((path) => directory({path, ...READABLE, mode: '0755'})),
    ...Object.entries(pages).map(([page, source]) => template({path: `${root}/${page}`, source, ...READABLE})),
  ];
}
