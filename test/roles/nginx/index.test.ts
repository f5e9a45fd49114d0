import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {nginx} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

const SITE = `
lb:
  hosts:
    lb1: {address: 192.0.2.11}
    lb2: {address: 192.0.2.12}
web:
  hosts:
    web1: {address: 192.0.2.21}
    web2: {address: 192.0.2.22}
`;

const AVAILABLE = 'template /etc/nginx/sites-available/site';

const site = (inventory: string, options: Parameters<typeof nginx>[0] = {}, host = 'web') =>
  written(compile(nginx(options), inventory, host).get(AVAILABLE)).text;

test('the web server is a package, a page, a site in place of the default one, and a service', (t) => {
  const tasks = compile(nginx(), SITE, 'web');
  t.deepEqual(
    [...tasks.keys()],
    [
      'apt nginx',
      'directory /var/www/site',
      'template /var/www/site/index.html',
      AVAILABLE,
      'symlink /etc/nginx/sites-enabled/site',
      'symlink /etc/nginx/sites-enabled/default',
      'service nginx',
    ],
  );
  const notifying = [...tasks].filter(([, {notify}]) => notify.some(({id}) => id === 'reload nginx'));
  t.deepEqual(
    notifying.map(([name]) => name),
    [...tasks.keys()].slice(3, 6),
  );
});

test('the site answers health checks by itself, names its host and trusts the balancers', (t) => {
  t.is(
    site(SITE),
    `# Managed by infra: changes made here are undone by the next apply.

server {
    listen 80 default_server;
    listen [::]:80 default_server;
    server_name _;
    server_tokens off;

    root /var/www/site;
    index index.html;
    access_log /var/log/nginx/access.log;

    # The server that answered. The page itself is the same on all of them.
    add_header X-Served-By web1 always;
    add_header X-Content-Type-Options nosniff always;

    # The client's address, as reported by the load balancers and by no other client.
    set_real_ip_from 192.0.2.11;
    set_real_ip_from 192.0.2.12;
    real_ip_header X-Forwarded-For;
    real_ip_recursive on;

    # Requested by the load balancers each second: Nginx answers by itself.
    location = /healthz {
        access_log off;
        default_type text/plain;
        return 200 "ok\\n";
    }

    location / {
        try_files $uri $uri/ =404;
    }
}
`,
  );
});

test('without balancers no address is trusted', (t) => {
  const alone = SITE.slice(SITE.indexOf('web:'));
  t.notRegex(site(alone), /real_ip|balancers and nobody/);
});

test('a site with a name of its own is not the default one', (t) => {
  const text = site(SITE, {serverName: 'shop.example.org', port: 8080, ipv6: false});
  t.regex(text, /listen 8080;\n {4}server_name shop\.example\.org;/);
});

test('web servers differ only in the header that names them', (t) => {
  const page = 'template /var/www/site/index.html';
  const [one, two] = ['web1', 'web2'].map((name) => {
    const inventory = SITE.replace('web:', `only: {hosts: {${name}: }}\nweb:`);
    const tasks = compile(nginx(), inventory, 'only');
    return {page: written(tasks.get(page)).text, site: written(tasks.get(AVAILABLE)).text};
  });
  t.is(one?.page, two?.page);
  t.not(one?.site, two?.site);
  t.is(one?.site.replace('X-Served-By web1', 'X-Served-By web2'), two?.site);
});

test('pages in directories get their directories first', (t) => {
  const tasks = compile(nginx({pages: {'index.html': 'nginx/index.html', 'css/site.css': 'site.css'}}), SITE, 'web');
  t.deepEqual([...tasks.keys()].slice(1, 5), [
    'directory /var/www/site',
    'directory /var/www/site/css',
    'template /var/www/site/index.html',
    'template /var/www/site/css/site.css',
  ]);
});

test('the candidate is tested within the live configuration', (t) => {
  const {commands} = written(compile(nginx(), SITE, 'web').get(AVAILABLE));
  t.regex(commands, /ln -s -- \S*\/etc\/nginx\/sites-available\/\.infra-\S+ "\$sites"\/site/);
  t.regex(commands, /nginx -t -q -c "\$main"/);
});

test('a page must not have a path that leaves the directory', (t) => {
  const error = t.throws(() => nginx({pages: {'../etc/passwd': 'x'}}), {instanceOf: InputError});
  t.regex(error?.message ?? '', /must be a relative path such as css\/site\.css/);
});
