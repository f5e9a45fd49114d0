import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {InputError} from '../../../src/model/index.js';
import {nginx} from '../../../src/roles/index.js';
import {CLAIMED_NAMES} from '../../../src/roles/shared/claimed-headers.js';
import {Secret} from '../../../src/shell/index.js';
import {compile, written} from '../compile.js';

const SITE = `
lb: {hosts: {lb1: {address: 192.0.2.11}}}
web: {hosts: {web1: {address: 192.0.2.21}}}
`;

const ALONE = 'web: {hosts: {web1: {address: 192.0.2.21}}}';

const MAIN = 'template /etc/nginx/nginx.conf';
const AVAILABLE = 'template /etc/nginx/sites-available/site';

const tls = {certificate: {certificate: '', issue: async () => ({certificate: '', key: new Secret('')})}};

type Options = Parameters<typeof nginx>[0];

const text = (options: Options, inventory = SITE, task = AVAILABLE) =>
  written(compile(nginx(options), inventory, 'web').get(task)).text;

test('the files of a directory are the site, and other files there are deleted', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'infra-test-'));
  mkdirSync(path.join(directory, 'css'));
  writeFileSync(path.join(directory, 'index.html'), '<h1>Hi</h1>');
  writeFileSync(path.join(directory, 'css/dot.png'), Buffer.from([0, 255]));
  const tasks = compile(nginx({directory}), SITE, 'web');
  t.deepEqual([...tasks.keys()].slice(0, 7), [
    'apt nginx',
    'directory /var/www/site',
    'directory /var/www/site/css',
    'file /var/www/site/css/dot.png',
    'file /var/www/site/index.html',
    'leftovers /var/www/site',
    AVAILABLE,
  ]);
  t.is(written(tasks.get('file /var/www/site/index.html')).text, '<h1>Hi</h1>');
});

test('the files that were read are recorded, for a saved plan', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'infra-test-'));
  writeFileSync(path.join(directory, 'index.html'), '');
  const opened: string[] = [];
  const task = compile(nginx({directory}), SITE, 'web').get('file /var/www/site/index.html');
  task?.open({templateDirectories: ['/nowhere'], opened: (file) => void opened.push(file)});
  t.deepEqual(opened, [path.join(directory, 'index.html')]);
});

test('all faults of a directory are reported at the line of the role', (t) => {
  refused(
    t,
    {directory: '/nowhere/at/all'},
    'role nginx: the option "directory": there is no directory /nowhere/at/all;',
  );
});

test('a site has one kind of content', (t) => {
  const pages = {'index.html': 'nginx/index.html'};
  refused(t, {pages, application: 8080}, 'role nginx: a site has one of pages, directory and application, not');
});

test('an application must not listen on a port of Nginx', (t) => {
  refused(t, {application: 80}, 'the option "application": Nginx itself listens on port 80');
  refused(t, {application: 8099, tls}, 'the option "application": Nginx itself listens on port 8099');
  refused(t, {application: 443, tls}, 'on port 443');
  t.notThrows(() => nginx({application: 80, tls}));
});

for (const [kind, options] of [
  ['plain', {application: 8080}],
  ['TLS', {application: 8080, tls}],
] as const) {
  test(`${kind}: an application gets every request, and the only page is that for its failure`, (t) => {
    const tasks = compile(nginx(options), SITE, 'web');
    t.true(tasks.has('template /var/www/site/502.html'));
    t.false(tasks.has('template /var/www/site/index.html'));
    const site = text(options);
    t.regex(
      site,
      /location \/ \{[^}]*\}[^}]*error_page 502 504 \/502\.html;\n[^}]*proxy_pass http:\/\/127\.0\.0\.1:8080;/,
    );
    t.notRegex(site, /try_files|\\\.\(\?!well-known/);
  });

  test(`${kind}: the health path asks the application`, (t) => {
    const [, location] = /location = \/healthz \{\n([^}]*)\}/.exec(text(options)) ?? [];
    t.regex(location ?? '', /proxy_pass http:\/\/127\.0\.0\.1:8080;[\s\S]*error_page 400 [\d ]*404 [\d ]*= @alive;/);
    t.notRegex(location ?? '', /error_page [\d ]*50/);
  });

  test(`${kind}: headers by which a client claims another identity, or another page, are not passed on`, (t) => {
    const site = text(options);
    for (const name of CLAIMED_NAMES) t.regex(site, new RegExp(`^    proxy_set_header ${name} `, 'im'));
    t.is(site.match(/^ *proxy_set_header x-real-ip /gim)?.length, 1);
    // A location with a header of its own loses all of the server's.
    t.notRegex(site, /^ {8,}proxy_set_header/m);
  });

  test(`${kind}: only balancers are trusted about how the client connected`, (t) => {
    const site = text(options);
    t.regex(site, /geo \$realip_remote_addr \$site_balanced \{\n {4}default 0;\n {4}192\.0\.2\.11 1;\n\}/);
    t.regex(site, /X-Forwarded-Proto \$site_scheme;/);
    const alone = text(options, ALONE);
    t.notRegex(alone, /_balanced|http_x_forwarded/);
    t.regex(alone, /X-Forwarded-Proto \$scheme;/);
  });
}

test('names other than the site’s get a health check of the application too', (t) => {
  const site = text({application: 8080, tls, serverName: 'www.example.org'});
  t.is(site.split('location = /healthz {').length - 1, 2);
  t.is(site.split('location @alive {').length - 1, 2);
  t.is(site.split('location / {').length - 1, 2);
});

test('a header that the application sends itself is not sent twice', (t) => {
  const main = text({application: 8080, tls, headers: {'X-Frame-Options': 'DENY'}}, SITE, MAIN);
  t.regex(main, /map \$upstream_http_x_frame_options \$usual_x_frame_options \{\n +"" "DENY";\n +default "";\n +\}/);
  t.regex(main, /add_header X-Frame-Options \$usual_x_frame_options always;/);
  t.regex(main, /add_header X-Served-By web1 always;/);
});

function refused(t: ExecutionContext, options: Options, message: string): void {
  const error = t.throws(() => nginx(options), {instanceOf: InputError});
  t.true(error?.message.includes(message), error?.message);
}

const fastcgi = {application: {fastcgi: '/run/shop/fpm.sock', script: '/srv/shop/public/index.php'}};

for (const [kind, options] of [
  ['plain', fastcgi],
  ['TLS', {...fastcgi, tls, serverName: 'www.example.org'}],
] as const) {
  test(`${kind}: one script of a FastCGI server gets every request`, (t) => {
    const site = text(options);
    t.regex(site, /^ {4}fastcgi_param SCRIPT_FILENAME \/srv\/shop\/public\/index\.php;$/m);
    t.regex(site, /^ {4}fastcgi_param SCRIPT_NAME \/index\.php;$/m);
    t.regex(site, /^ {4}fastcgi_param DOCUMENT_ROOT \/srv\/shop\/public;$/m);
    t.regex(site, /location \/ \{\n {8}error_page 502 504 \/502\.html;\n {8}fastcgi_pass unix:\/run\/shop\/fpm\.sock;/);
    t.notRegex(site, /proxy_|websocket|_upgrade|try_files/);
    // A location with a parameter of its own loses all of the server's.
    t.notRegex(site, /^ {8,}fastcgi_param/m);
  });

  test(`${kind}: headers by which a client claims another identity do not reach the script`, (t) => {
    const site = text(options);
    for (const name of CLAIMED_NAMES) {
      const variable = `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;
      t.regex(site, new RegExp(`^    fastcgi_param ${variable} `, 'm'));
    }
    t.regex(site, /fastcgi_param HTTP_X_FORWARDED_FOR \$remote_addr;/);
    t.regex(site, /fastcgi_param HTTPS \$site_https if_not_empty;/);
    t.regex(site, /^map \$site_scheme \$site_https \{$/m);
  });
}

test('health checks under another name reach the script with its parameters', (t) => {
  const site = text({...fastcgi, tls, serverName: 'www.example.org'});
  t.is(site.split('location = /healthz {').length - 1, 2);
  t.is(site.split('fastcgi_param SCRIPT_FILENAME ').length - 1, 2);
});

test('a FastCGI server has a socket and a script with absolute paths', (t) => {
  for (const application of [{fastcgi: 'run/x.sock', script: '/srv/x.php'}, {fastcgi: '/run/x.sock'}, {}, '9000'])
    t.throws(() => nginx({application} as never), {instanceOf: InputError});
});
