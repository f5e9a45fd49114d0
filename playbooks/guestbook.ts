import {command, directory, file, type Items, packages, restart, service, template, user} from 'infra';

/** The Unix user of the application, and the name of its unit. */
export const USER = 'guestbook';

const PROGRAM = `/usr/local/lib/${USER}`;
const MIGRATED = `/var/lib/${USER}/migrated`;

/** How Nginx reaches it: the option `application` of the role `nginx`. */
export const fastcgi = {fastcgi: `/run/${USER}/fpm.sock`, script: `${PROGRAM}/index.php`};

/*
 * A small application, in place of which yours would stand: PHP-FPM with one page, which writes through the balancers'
 * port 3306 and reads through 3307. Its files are in templates/guestbook. It needs the role `databaseClient`, and that
 * needs its user.
 */
export const account = (): Items => [
  user({name: USER, system: true, home: '/nonexistent', shell: '/usr/sbin/nologin'}),
];

export function program(): Items {
  const managed = {mode: '0644', owner: 'root', group: 'root'};
  const config = `${PROGRAM}/fpm.conf`;
  const notify = restart(USER);
  return [
    packages(['php-fpm', 'php-mysql']),
    directory({path: PROGRAM, ...managed, mode: '0755'}),
    ...['database.php', 'index.php', 'migrate.php', 'page.phtml'].map((name) =>
      file({path: `${PROGRAM}/${name}`, source: `guestbook/${name}`, ...managed}),
    ),
    template({
      ...{path: config, source: 'guestbook/fpm.conf', ...managed, notify},
      vars: {user: USER, socket: fastcgi.fastcgi, workers: 20},
    }),
    template({
      ...{path: `/etc/systemd/system/${USER}.service`, source: 'guestbook/guestbook.service', ...managed, notify},
      vars: {config},
    }),
    service({name: USER}),
  ];
}

/*
 * Makes the table, as a deployment would: with the account for migrations, which the application itself never has.
 * systemd reads the file that only root can read, and the program runs as the application's user.
 */
export const tables = (): Items => [
  command({
    name: 'make the table of the guestbook',
    command: `systemd-run --wait --pipe --quiet --collect -p User=${USER} \\
  -p EnvironmentFile=/etc/infra/database/migrations.environment php ${PROGRAM}/migrate.php &&
  mkdir -p /var/lib/${USER} && touch ${MIGRATED}`,
    creates: MIGRATED,
  }),
];
