import type {RoleContext, Task} from '../../model/index.js';
import {symlink, template} from '../../tasks/index.js';
import {CLAIMED_NAMES} from '../shared/claimed-headers.js';
import {addressFor, optionalGroup} from '../shared/members.js';
import {READABLE} from '../shared/readable.js';
import {checkSite} from './check-site.js';
import {contentTasks} from './content-tasks.js';
import type {NginxSite} from './options.js';
import {RELOAD} from './reload.js';

/** What the site shows, its file from this template, and the link that enables it. `more`: variables of that template. */
export function siteFiles(source: string, site: NginxSite, context: RoleContext, more: object = {}): Task[] {
  const {name} = site;
  const path = `/etc/nginx/sites-available/${name}`;
  const vars = {...siteVars(site, context), ...more};
  const validate = (candidate: string) => checkSite(name, candidate);
  return [
    ...contentTasks(rootOf(site), site),
    template({path, source, ...READABLE, vars, validate, notify: RELOAD}),
    symlink({path: `/etc/nginx/sites-enabled/${name}`, target: path, notify: RELOAD}),
  ];
}

/** Where the site listens. */
const portOf = ({port, tls}: NginxSite): number => port ?? (tls === undefined ? 80 : 443);

/** All ports that it listens on for clients. */
export const portsOf = (site: NginxSite): readonly number[] => [portOf(site), ...[site.tls?.plainPort ?? []].flat()];

const rootOf = ({name}: NginxSite) => `/var/www/${name}`;

/** What Nginx itself tells the application. */
const TOLD = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port', 'x-real-ip'];

function siteVars(site: NginxSite, context: RoleContext) {
  return {
    port: portOf(site),
    serverName: [site.serverName].flat().join(' '),
    root: rootOf(site),
    host: context.host.name,
    healthPath: site.healthPath,
    balancers: optionalGroup(site.balancers, 'lb', context).map(addressFor),
    ipv6: site.ipv6,
    application: site.application,
    claimed: CLAIMED_NAMES.filter((name) => !TOLD.includes(name)),
    // Variables of Nginx are known to all sites.
    prefix: site.name.replaceAll(/[^A-Za-z0-9]/g, '_'),
  };
}
