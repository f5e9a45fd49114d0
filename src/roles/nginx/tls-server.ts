import {
  atLeast,
  distributionOf,
  type Items,
  privateAddressOf,
  type RoleContext,
  versionsOf,
} from '../../model/index.js';
import {directory, packages, symlink, template} from '../../tasks/index.js';
import {certificateFor} from '../certificates/index.js';
import {optionalGroup} from '../shared/members.js';
import {tlsSettings} from '../shared/mozilla.js';
import {allowedClients} from './allowed-clients.js';
import {checkMain} from './check-site.js';
import type {TlsSite} from './options.js';
import {RELOAD, siteFiles} from './site-files.js';

/**
 * Nginx with HTTPS alone. Debian's default site would listen on port 80 after the installation: a link in its place
 * prevents the package from making its own, and includes nothing.
 */
export function tlsServer(site: TlsSite, context: RoleContext): Items {
  // Certificate and key in one file: it is replaced as a whole, so that a power cut cannot leave only one of them.
  const path = `/etc/nginx/tls/${site.name}.pem`;
  const request = {names: certifiedNames(site, context), path, notify: RELOAD};
  const {packages: names, paths} = distributionOf(context.facts);
  return [
    directory({path: paths.enabledSites, mode: '0755', owner: 'root', group: 'root'}),
    symlink({path: `${paths.enabledSites}/default`, target: '/dev/null', notify: RELOAD}),
    packages(names.nginx),
    mainFile(site, context),
    certificateFor(site.tls.certificate, request, context),
    ...siteFiles('nginx/tls-site.conf', site, context, {
      certificate: path,
      plainPort: site.tls.plainPort,
      ...commonVars(site, context),
    }),
  ];
}

function mainFile(site: TlsSite, context: RoleContext) {
  return template({
    path: '/etc/nginx/nginx.conf',
    source: 'nginx/nginx.conf',
    mode: '0640',
    owner: 'root',
    group: 'root',
    vars: mainVars(site, context),
    validate: (candidate) => checkMain(site.name, candidate, distributionOf(context.facts).paths.enabledSites),
    notify: RELOAD,
  });
}

function mainVars(site: TlsSite, context: RoleContext) {
  const {profile} = site.tls;
  const {nginxUser, paths} = distributionOf(context.facts);
  const balancers = optionalGroup(site.balancers, 'lb', context).map(privateAddressOf);
  return {
    ...{profile, user: nginxUser, enabledSites: paths.enabledSites},
    tls: tlsSettings(profile, versionsOf(context.facts).openssl),
    balancers,
    askers: allowedClients(site, context).networks ?? [],
    ...commonVars(site, context),
    host: context.host.name,
    headers: headersOf(site.headers, balancers.length === 0),
    statusPort: site.statusPort,
    application: site.application,
  };
}

function commonVars(site: TlsSite, context: RoleContext) {
  // Since 1.25.1 HTTP/2 is a directive; before, a word of `listen`, which later versions warn of.
  const isDirective = atLeast(versionsOf(context.facts).nginx, [1, 26]);
  return {http2: isDirective ? 'directive' : 'listen', limited: allowedClients(site, context).networks !== undefined};
}

/**
 * The names of a web server's certificate: those that clients verify. Balancers verify this host's name; without
 * balancers clients verify the site's. The project's authority adds the host's addresses.
 */
export function certifiedNames(site: TlsSite, context: Pick<RoleContext, 'host' | 'inventory'>): readonly string[] {
  const {tls, serverName, balancers} = site;
  const {host} = context;
  const names = [serverName].flat().filter((name) => name !== '_');
  const isDirect = optionalGroup(balancers, 'lb', context).length === 0 && names.length > 0;
  const addresses = 'issue' in tls.certificate ? [privateAddressOf(host), host.address] : [];
  return [...new Set([...(isDirect ? names : [host.name, ...addresses]), ...tls.names])];
}

/**
 * Headers for browsers, where the site does not set its own: not to guess types, who may frame the page, where plugins
 * and base addresses come from, how much of an address other sites see, and which devices the page may use. After
 * OWASP's Secure Headers project, without headers that browsers no longer support (X-XSS-Protection).
 */
const USUAL: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Content-Security-Policy': "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** Two years, as in Mozilla's guideline 6.0. */
const HSTS = {'Strict-Transport-Security': 'max-age=63072000'};

/**
 * Names and values of a site's response headers: the usual ones, and `own` besides them or in their place. `direct`: no
 * balancer is in front, which would send HSTS itself.
 */
function headersOf(own: Readonly<Record<string, string | false>>, direct: boolean): [string, string][] {
  const replaced = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const usual = Object.entries({...USUAL, ...(direct ? HSTS : {})});
  return [
    ...usual.filter(([name]) => !replaced.has(name.toLowerCase())),
    ...Object.entries(own).flatMap(([name, value]): [string, string][] => (value === false ? [] : [[name, value]])),
  ];
}
