import {CLAIMED_NAMES} from '../../src/roles/shared/claimed-headers.js';
import {askHost} from './lab.js';

/*
 * Two web servers on one host, on addresses of their own. They speak HTTPS, say who they are and what they were told,
 * and can be made to fail: what they serve as /healthz is a file, and app1 hangs up on requests for /fragile.
 * Next to them two stand-ins for databases, which say their name on port 3306 and their role on port 9200.
 */

export interface Backend {
  readonly name: string;
  readonly address: string;
  /** PEM: certificate and key in one. */
  readonly certificate: string;
}

/** Like {@link CLAIMED_NAMES}, and known by how they begin. */
export const MADE_UP = ['x-forwarded-anything', 'x-original-anything', 'cf-anything'];

/** What Nginx calls a request header; empty for those that a balancer itself sets. */
const variable = (name: string) =>
  /^x-forwarded-(for|proto|port)$/.test(name) ? '' : `$http_${name.replaceAll('-', '_')}`;

/** Sets them up on a host that has Nginx. */
export async function startBackends(host: string, backends: readonly Backend[]): Promise<void> {
  await askHost(host, `${backends.map(installed).join('\n')}\nrm -f /etc/nginx/sites-enabled/default`);
  const sockets = backends.map(({name}) => `database-${name}.socket`).join(' ');
  await askHost(host, `systemctl daemon-reload && systemctl start ${sockets} && systemctl restart nginx`);
  for (const {name} of backends) await setHealth(host, name, 'all is fine');
}

/** What a server says at /healthz. */
export async function setHealth(host: string, name: string, text: string): Promise<void> {
  await askHost(host, `echo '${text}' >/srv/${name}/healthz`);
}

/** What a database says it is: `primary`, `replica`, or anything else for neither. */
export async function setRole(host: string, name: string, role: string): Promise<void> {
  await askHost(host, `rm -f /srv/${name}/primary /srv/${name}/replica; touch /srv/${name}/${role}`);
}

/** Gives a server another certificate. */
export async function setCertificate(host: string, {name, certificate}: Omit<Backend, 'address'>): Promise<void> {
  await askHost(host, `cat >/etc/nginx/${name}.pem <<'E'\n${certificate}E\nsystemctl reload nginx`);
}

function installed({name, address, certificate}: Backend): string {
  return `ip address add ${address}/24 dev host0 2>/dev/null
mkdir -p /srv/${name}
cat >/etc/nginx/${name}.pem <<'E'
${certificate}E
cat >/etc/nginx/conf.d/${name}.conf <<'E'
${site(name, address)}E
${database(name, address)}`;
}

const site = (name: string, address: string) => `server {
    listen ${address}:443 ssl;
    ssl_certificate ${name}.pem;
    ssl_certificate_key ${name}.pem;
    root /srv/${name};
    default_type text/plain;
    access_log /var/log/nginx/requests.log;
    add_header X-Served-By ${name};
    add_header Strict-Transport-Security max-age=1;
    location = /healthz { access_log off; }
    location = /told { return 200 "$http_x_forwarded_for $http_x_forwarded_proto$http_x_real_ip$http_forwarded$http_proxy$http_upgrade$http_connection"; }
    location = /claimed { return 200 "${[...CLAIMED_NAMES, ...MADE_UP].map(variable).join('')}"; }
    location = /kept { return 200 "$http_x_claim $http_x_client_version $http_referer"; }
    location = /fragile { return ${name === 'app1' ? 444 : 200}; }
    location / { return 200 ${name}; }
}
server {
    listen ${address}:9200;
    root /srv/${name};
    access_log off;
    location / { error_page 404 =503 /down; }
}
`;

/** Says who it is, and ends when the client does. */
const database = (name: string, address: string) => `cat >/etc/systemd/system/database-${name}.socket <<'E'
[Socket]
ListenStream=${address}:3306
Accept=yes
E
cat >/etc/systemd/system/database-${name}@.service <<'E'
[Service]
ExecStart=/bin/sh -c 'echo ${name}; exec cat'
StandardInput=socket
E`;
