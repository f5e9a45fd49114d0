import {defineRole, distributionOf, type Items, listens, type RoleContext} from '../../model/index.js';
import {packages, service, symlink} from '../../tasks/index.js';
import {allowedClients} from './allowed-clients.js';
import {type NginxSite, nginxSchema} from './options.js';
import {portsOf, RELOAD, siteFiles} from './site-files.js';
import {tlsServer} from './tls-server.js';

/**
 * A web server with one site: the same pages on every host, a health endpoint, and the response header `X-Served-By`
 * that names the host. Debian's default site is disabled.
 *
 * With `tls` it serves only HTTPS, answers only the allowed clients, and has its own `nginx.conf` from the template
 * `nginx/nginx.conf`, with the site from `nginx/tls-site.conf`. Without `tls`, `nginx.conf` stays Debian's and the site
 * is from `nginx/site.conf`. The page comes from `nginx/index.html`. Throws `InputError` for audiences that the
 * inventory does not have.
 *
 * @example
 * nginx({serverName: 'www.example.org', tls: {certificate: await authority()}})
 */
export const nginx = defineRole('nginx', nginxSchema, (site, context) => [
  listens({tcp: portsOf(site), from: allowedClients(site, context).audience, because: `the site "${site.name}"`}),
  ...(site.tls === undefined ? plainServer(site, context) : tlsServer({...site, tls: site.tls}, context)),
  service({name: 'nginx', ports: portsOf(site)}),
]);

function plainServer(site: NginxSite, context: RoleContext): Items {
  const {packages: names, paths} = distributionOf(context.facts);
  return [
    packages(names.nginx),
    ...siteFiles('nginx/site.conf', site, context),
    symlink({path: `${paths.enabledSites}/default`, state: 'absent', notify: RELOAD}),
  ];
}
