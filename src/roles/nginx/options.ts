import {z} from 'zod';
import type {OptionsSchema} from '../../model/index.js';
import {certificateSource} from '../certificates/index.js';
import {audiences, groupName, optionsOf, plainName, port, urlPath} from '../shared/options.js';
import {type LocalFile, readDirectory} from './local-directory.js';

const hostName = z
  .string('must be text')
  .regex(/^[A-Za-z0-9*_][\w.*-]*$/, 'must be a host name')
  .max(253, 'is too long');

/** HTTPS, for balancers that verify the servers to which they connect. */
const tls = optionsOf({
  /** `await authority()` of the playbook, or your own `{certificate, key}`. */
  certificate: certificateSource,
  /** Names besides the host's own name and addresses, for clients that connect without a balancer. Default none. */
  names: z.array(hostName).default([]),
  /** Mozilla's profile of TLS. Default `intermediate`: TLS 1.2 and 1.3; `modern`: 1.3 alone. */
  profile: z.enum(['intermediate', 'modern'], 'must be intermediate or modern').default('intermediate'),
  /** A port for plain HTTP, for the same clients, while the balancers of a running site move to HTTPS. */
  plainPort: port.optional(),
});

const absolutePath = z.string().regex(/^(\/[\w.-]+)+$/);

/** A FastCGI server. */
const fastcgi = optionsOf({
  /** Its socket, an absolute path. Nginx's user must be able to write to it. */
  fastcgi: absolutePath,
  /** The file that answers every request, an absolute path outside the site's directory. */
  script: absolutePath,
});

const Site = optionsOf({
  /** Names the site's file and its directory under /var/www. Default `site`. */
  name: plainName
    .refine((name) => name !== 'default', "must not be default, which is Debian's own site and is disabled")
    .default('site'),
  /** HTTPS on port 443 instead of plain HTTP. Default: plain HTTP. */
  tls: tls.optional(),
  /** The port on which it listens. Default 80, with `tls` 443. */
  port: port.optional(),
  /** The site's host names; with `tls`, requests for others are refused. Default: any name. */
  serverName: z.union([hostName, z.array(hostName).min(1)], 'must be a host name, or a list of them').default('_'),
  /**
   * The path of the balancers' health checks. Nginx answers by itself, or with `application` passes them on: any answer
   * below 500 counts as healthy, also that there is no such page. Default `/healthz`.
   */
  healthPath: urlPath.default('/healthz'),
  /**
   * The content of the site: one of `pages`, `directory` and `application`. Pages are given by their path under the
   * site's directory, each with its template. Default: an index.html.
   */
  pages: z
    .record(z.string().regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/), z.string('must be the name of a template'), {
      error: ({code}) => (code === 'invalid_key' ? 'must be a relative path such as css/site.css' : undefined),
    })
    .optional(),
  /**
   * A directory of this machine, relative to the directory that infra runs in: its files unchanged, text or not, at
   * most 1000, 16 MiB each. Names that begin with a dot are left out, except `.well-known`. The site's directory on the
   * servers is then the role's own: files that are not in this directory are deleted there.
   */
  directory: z
    .string('must be the path of a directory')
    .min(1, 'must be the path of a directory')
    .transform(filesOf)
    .optional(),
  /**
   * The port of a program on the web server's own 127.0.0.1, which answers every request; Nginx answers 502 while it
   * does not. It gets the client's address, scheme and port in `X-Forwarded-For`, `-Proto` and `-Port`, and the
   * request's id in `X-Request-ID`. Or `{fastcgi, script}`: the socket of a FastCGI server such as PHP-FPM, and the one
   * file that answers every request, such as the `index.php` of a framework; it gets the same headers.
   */
  application: z.union([port, fastcgi], 'must be a port, or {fastcgi, script} with two absolute paths').optional(),
  /** The inventory group of the load balancers, which are trusted about clients' addresses. Default `lb`. */
  balancers: groupName.default('lb'),
  /**
   * Who may connect, such as `{group: 'lb'}`: for the firewall, and with `tls` Nginx itself refuses all others too,
   * except this host. Default: the balancers, or `any` where there are none.
   */
  from: audiences.optional(),
  /** With `tls`: response headers besides the usual ones for safety, or in their place; `false` leaves one out. */
  headers: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/),
      z.union([z.literal(false), z.string().regex(/^[^"\\$\p{Cc}]+$/u, 'must not have ", \\ or $')]),
      {error: ({code}) => (code === 'invalid_key' ? 'must be the name of a header' : undefined)},
    )
    .default({}),
  /** With `tls`: the port of Nginx's counters, on 127.0.0.1 at `/stub_status`. Default 8099. */
  statusPort: port.default(8099),
  /** Listen on IPv6 too; false for a host whose kernel has none. Default true. */
  ipv6: z.boolean('must be true or false').default(true),
});

const Options = Site.superRefine((site, {addIssue}) => {
  for (const {path, message} of contentFaults(site)) addIssue({code: 'custom', path: [...path], message});
});

/** The options of a web server. */
export type NginxOptions = z.input<typeof Options>;

/** The same with all defaults. */
export type NginxSite = z.output<typeof Options>;

/** A site with HTTPS. */
export type TlsSite = NginxSite & {readonly tls: NonNullable<NginxSite['tls']>};

/** The schema of the role's options. */
export const nginxSchema: OptionsSchema<NginxOptions, NginxSite> = Options;

/** Reads the directory that an option names, for the option's schema. */
function filesOf(directory: string, {addIssue}: z.RefinementCtx<string>): {readonly files: readonly LocalFile[]} {
  const found = readDirectory(directory);
  if ('files' in found) return found;
  for (const message of found.faults) addIssue({code: 'custom', message});
  return z.NEVER;
}

/** The options on which the content of a site depends. */
interface ContentOptions {
  readonly pages?: unknown;
  readonly directory?: unknown;
  readonly application?: number | object | undefined;
  readonly port?: number | undefined;
  readonly statusPort: number;
  readonly tls?: {readonly plainPort?: number | undefined} | undefined;
}

interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with the options of the content. */
function contentFaults({application, port, statusPort, tls, ...content}: ContentOptions): readonly Fault[] {
  const {pages, directory} = content;
  const given = Object.entries({pages, directory, application}).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name).join(' and ');
  const ours = tls === undefined ? [port ?? 80] : [port ?? 443, tls.plainPort, statusPort];
  return [
    ...(given.length > 1
      ? [{path: [], message: `a site has one of pages, directory and application, not ${names}`}]
      : []),
    ...(typeof application === 'number' && ours.includes(application)
      ? [{path: ['application'], message: `Nginx itself listens on port ${application}; give the program another one`}]
      : []),
  ];
}
