import {type Concern, hasDatabase, type Sighted} from '../concern.js';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/**
 * What a server needs at the least, in bytes. A machine that is sold with 1 GiB shows some 950 MiB. Memory: what the
 * programs take with the roles' settings, and apt beside them. Disk: packages (MariaDB 200 MB, MySQL 500 MB), and for
 * a database its redo logs and a week of binary logs.
 */
const NEEDED = {
  web: {memory: 230 * MIB, disk: GIB, of: 'it'},
  mariadb: {memory: 450 * MIB, disk: 3 * GIB, of: 'MariaDB'},
  mysql: {memory: 900 * MIB, disk: 3 * GIB, of: 'MySQL'},
};

/** Too little memory or disk for what the server is to carry. */
export function roomConcerns({choices, server, survey}: Sighted): readonly Concern[] {
  const {name} = server;
  const {memory, disk, of} = NEEDED[hasDatabase(server) ? choices.database : 'web'];
  const small = survey.facts.memory < memory;
  const full = survey.freeBytes < disk;
  return [
    ...(small
      ? [
          {
            server: name,
            message: `${name} has ${shown(survey.facts.memory)} of memory, and ${of} needs ${shown(memory)}`,
            hint: `Give ${name} more memory, or take another server`,
          },
        ]
      : []),
    ...(full
      ? [
          {
            server: name,
            message: `${name} has ${shown(survey.freeBytes)} left on the disk of /var, and ${of} needs ${shown(disk)}`,
            hint: `On ${name}, see what fills it: sudo du -xh -d 2 /var | sort -h | tail`,
          },
        ]
      : []),
  ];
}

function shown(bytes: number): string {
  return bytes < GIB ? `${Math.floor(bytes / MIB)} MiB` : `${Math.floor((bytes / GIB) * 10) / 10} GiB`;
}
