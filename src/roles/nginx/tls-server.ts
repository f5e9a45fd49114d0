import {atLeast, type Items, type RoleContext, versionsOf} from '../../model/index.js';
import {apt, directory, symlink, template} from '../../tasks/index.js';
import {certificateFor} from '../certificates/index.js';
import {addressFor, optionalGroup} from '../shared/members.js';
import {tlsSettings} from '../shared/mozilla.js';
import {askersOf} from './askers.js';
import {certifiedNames} from './certified-names.js';
import {checkMain} from './check-site.js';
import {headersOf} from './headers.js';
import type {TlsSite} from './options.js';
import {RELOAD} from './reload.js';
import {siteFiles} from './site-files.js';

/**
 * Nginx with HTTPS and nothing else. Debian's default site would listen on port 80 from the installation on: a link in
 * its place keeps the package from making its own, and includes nothing.
 */
export function tlsServer(site: TlsSite, context: RoleContext): Items {
  // One file with its key: it is replaced as a whole, so that no power cut leaves a key without its certificate.
  const path = `/etc/nginx/tls/${site.name}.pem`;
  const request = {names: certifiedNames(site, context), path, notify: RELOAD};
  return [
    directory({path: '/etc/nginx/sites-enabled', mode: '0755', owner: 'root', group: 'root'}),
    symlink({path: '/etc/nginx/sites-enabled/default', target: '/dev/null', notify: RELOAD}),
    apt('nginx'),
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
    validate: (candidate) => checkMain(site.name, candidate),
    notify: RELOAD,
  });
}

function mainVars(site: TlsSite, context: RoleContext) {
  const {profile} = site.tls;
  const balancers = optionalGroup(site.balancers, 'lb', context).map(addressFor);
  return {
    profile,
    tls: tlsSettings(profile, versionsOf(context.facts).openssl),
    balancers,
    askers: askersOf(site, context).networks ?? [],
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
  return {http2: isDirective ? 'directive' : 'listen', limited: askersOf(site, context).networks !== undefined};
}
