import {z} from 'zod';
import {groupName, optionsOf, plainName, port, urlPath} from '../options.js';

/** What a web server can be told. */
export const NginxOptions = optionsOf({
  /** Names the site's file and its folder under /var/www. Default `site`. */
  name: plainName.refine((name) => name !== 'default', "is Debian's own site, which is switched off").default('site'),
  port: port.default(80),
  /** The site's host name. Default: whatever the client asks for. */
  serverName: z
    .string('must be text')
    .regex(/^[A-Za-z0-9*_][\w.*-]*$/, 'must be a host name')
    .default('_'),
  /** Answers 200 without touching the application. Default `/healthz`. */
  healthPath: urlPath.default('/healthz'),
  /** Pages by their path under the site's folder, each with its template. Default: an index.html. */
  pages: z
    .record(z.string().regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/), z.string('must be the name of a template'), {
      error: ({code}) => (code === 'invalid_key' ? 'must be a relative path such as css/site.css' : undefined),
    })
    .default({'index.html': 'nginx/index.html'}),
  /** The inventory group of the load balancers: they are believed about clients' addresses. Default `lb`. */
  balancers: groupName.default('lb'),
  /** Listen on IPv6 too; false for a host whose kernel has none. Default true. */
  ipv6: z.boolean('must be true or false').default(true),
});
