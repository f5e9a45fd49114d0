import {z} from 'zod';
import type {OptionsSchema} from '../../model/index.js';
import {certificateSource} from '../certificates/index.js';
import {audiences, groupName, optionsOf, plainName, port, urlPath} from '../shared/options.js';
import {type LocalFile, readDirectory} from './local-directory.js';

const hostName = z
  .string('must be text')
  .regex(/^[A-Za-z0-9*_][\w.*-]*$/, 'must be a host name')
  .max(253, 'is too long');

/** Encrypted connections, as balancers make them that check whom they talk to. */
const tls = optionsOf({
  /** `await authority()` of the playbook, or `{certificate, key}` of one's own. */
  certificate: certificateSource,
  /** Names beside the host's own name and addresses, for clients that come without a balancer. Default none. */
  names: z.array(hostName).default([]),
  /** Mozilla's name of what is spoken. Default `intermediate`: TLS 1.2 and 1.3. */
  profile: z.enum(['intermediate', 'modern'], 'is intermediate or modern').default('intermediate'),
  /** Answers plain HTTP there too, for the same askers, while the balancers of a running site move to HTTPS. */
  plainPort: port.optional(),
});

const Site = optionsOf({
  /** Names the site's file and its directory under /var/www. Default `site`. */
  name: plainName.refine((name) => name !== 'default', "is Debian's own site, which is switched off").default('site'),
  /** HTTPS on port 443 and nothing else, instead of plain HTTP. Default: plain. */
  tls: tls.optional(),
  /** Where it listens. Default 80, with `tls` 443. */
  port: port.optional(),
  /** The site's host names; with `tls`, requests for others are refused. Default: whatever the client asks for. */
  serverName: z.union([hostName, z.array(hostName).min(1)], 'must be a host name, or a list of them').default('_'),
  /**
   * Where balancers ask whether this server shall get requests. Nginx answers by itself, or with `application` asks it
   * for this very path: any answer below 500 says that it lives, also that there is no such page. Default `/healthz`.
   */
  healthPath: urlPath.default('/healthz'),
  /**
   * What the site is made of: `pages`, `directory` or `application`, one of them. Pages are given by their path under
   * the site's directory, each with its template. Default: an index.html.
   */
  pages: z
    .record(z.string().regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/), z.string('must be the name of a template'), {
      error: ({code}) => (code === 'invalid_key' ? 'must be a relative path such as css/site.css' : undefined),
    })
    .optional(),
  /**
   * A directory of this machine, from the directory that infra runs in: its files as they are, text or not, at most
   * 1000, 16 MiB each. Names that begin with a dot are left out, except `.well-known`. The site's directory on the
   * servers is then the role's own: a file that is taken out here is deleted there, as is whatever else lies there.
   */
  directory: z
    .string('must be the path of a directory')
    .min(1, 'must be the path of a directory')
    .transform(filesOf)
    .optional(),
  /**
   * The port of a program on the web server's own 127.0.0.1, which gets every request and answers it; Nginx says 502
   * while it does not. It is told of the client in `X-Forwarded-For`, `-Proto` and `-Port`, and of the request in
   * `X-Request-ID`.
   */
  application: port.optional(),
  /** The inventory group of the load balancers: they are believed about clients' addresses. Default `lb`. */
  balancers: groupName.default('lb'),
  /**
   * Who may ask, such as `{group: 'lb'}`: for the firewall, and with `tls` Nginx itself refuses all others too, except
   * this host. Default: the balancers, or any where there are none.
   */
  from: audiences.optional(),
  /** With `tls`: response headers beside the usual ones for safety, or in their place; `false` leaves one out. */
  headers: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/),
      z.union([z.literal(false), z.string().regex(/^[^"\\$\p{Cc}]+$/u, 'may not hold ", \\ or $')]),
      {error: ({code}) => (code === 'invalid_key' ? 'must be the name of a header' : undefined)},
    )
    .default({}),
  /** With `tls`: where this host alone can read Nginx's counters, on 127.0.0.1 at `/stub_status`. Default 8099. */
  statusPort: port.default(8099),
  /** Listen on IPv6 too; false for a host whose kernel has none. Default true. */
  ipv6: z.boolean('must be true or false').default(true),
});

const Options = Site.superRefine((site, {addIssue}) => {
  for (const {path, message} of contentFaults(site)) addIssue({code: 'custom', path: [...path], message});
});

/** What a web server can be told. */
export type NginxOptions = z.input<typeof Options>;

/** The same with what was left out. */
export type NginxSite = z.output<typeof Options>;

/** A site with HTTPS. */
export type TlsSite = NginxSite & {readonly tls: NonNullable<NginxSite['tls']>};

export const nginxSchema: OptionsSchema<NginxOptions, NginxSite> = Options;

/** The files of the directory that an option names: reads it, for the option's schema. */
function filesOf(directory: string, {addIssue}: z.RefinementCtx<string>): {readonly files: readonly LocalFile[]} {
  const found = readDirectory(directory);
  if ('files' in found) return found;
  for (const message of found.faults) addIssue({code: 'custom', message});
  return z.NEVER;
}

/** What decides what a site is made of, as far as it was given. */
interface Given {
  readonly pages?: unknown;
  readonly directory?: unknown;
  readonly application?: number | undefined;
  readonly port?: number | undefined;
  readonly statusPort: number;
  readonly tls?: {readonly plainPort?: number | undefined} | undefined;
}

interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

/** Why a site cannot be made of what was given. */
function contentFaults({application, port, statusPort, tls, ...content}: Given): readonly Fault[] {
  const {pages, directory} = content;
  const given = Object.entries({pages, directory, application}).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name).join(' and ');
  const ours = tls === undefined ? [port ?? 80] : [port ?? 443, tls.plainPort, statusPort];
  return [
    ...(given.length > 1
      ? [{path: [], message: `a site is made of one of pages, directory and application, not of ${names}`}]
      : []),
    ...(application !== undefined && ours.includes(application)
      ? [{path: ['application'], message: `on port ${application} Nginx itself listens; give the program another one`}]
      : []),
  ];
}
