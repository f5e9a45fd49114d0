import {posix} from 'node:path';
import {defineRole, type Task} from '../model/index.js';
import {apt, directory, service, symlink, template} from '../tasks/index.js';
import {addressFor} from './members.js';
import {checkSite} from './nginx/check-site.js';
import {NginxOptions} from './nginx/options.js';
import {READABLE} from './readable.js';
import {reloadWorkers} from './reload-workers.js';

/**
 * A web server with one site: the same pages on every host, a health endpoint, and the response header `X-Served-By`
 * that names the host. Debian's default site is switched off.
 *
 * The site's file comes from the template `nginx/site.conf`, the page from `nginx/index.html`.
 */
export const nginx = defineRole('nginx', NginxOptions, ({name, pages, balancers, ...site}, {host, group}) => {
  const root = `/var/www/${name}`;
  const available = `/etc/nginx/sites-available/${name}`;
  const addresses = group(balancers).map(addressFor);
  return [
    apt('nginx'),
    ...content(root, pages),
    template({
      path: available,
      source: 'nginx/site.conf',
      ...READABLE,
      vars: {...site, root, host: host.name, balancers: addresses},
      validate: (candidate) => checkSite(name, candidate),
      notify: RELOAD,
    }),
    symlink({path: `/etc/nginx/sites-enabled/${name}`, target: available, notify: RELOAD}),
    symlink({path: '/etc/nginx/sites-enabled/default', state: 'absent', notify: RELOAD}),
    service({name: 'nginx'}),
  ];
});

/** The journal has nothing about what it cannot do. */
const RELOAD = reloadWorkers('nginx', '/var/log/nginx/error.log');

/** The pages and the folders they lie in, each folder once and before what is in it. */
function content(root: string, pages: Readonly<Record<string, string>>): Task[] {
  const paths = Object.keys(pages).map((page) => `${root}/${page}`);
  const folders = [...new Set([root, ...paths.map((path) => posix.dirname(path))])];
  return [
    ...folders.map((path) => directory({path, ...READABLE, mode: '0755'})),
    ...Object.entries(pages).map(([page, source]) => template({path: `${root}/${page}`, source, ...READABLE})),
  ];
}
