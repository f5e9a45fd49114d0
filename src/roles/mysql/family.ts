import {type Facts, type Host, InputError} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';

/** Everything that is called otherwise in MariaDB and MySQL. */
export interface Family {
  readonly package: string;
  readonly service: string;
  /** Sorts behind the files of the package, so that it wins. */
  readonly optionFile: string;
  readonly template: string;
  /** Its package makes the directory for imports and exports. */
  readonly hasImportDirectory: boolean;
  /** Reads an option file and stops at what the server does not know; starts nothing. */
  validate(path: string): Command;
}

export const FAMILIES: Readonly<Record<'mariadb' | 'mysql', Family>> = {
  mariadb: {
    package: 'mariadb-server',
    service: 'mariadb',
    optionFile: '/etc/mysql/mariadb.conf.d/60-infra.cnf',
    template: 'mysql/mariadb.cnf',
    hasImportDirectory: false,
    validate: (path) => sh`mariadbd --defaults-file=${path} --user=mysql --help --verbose >/dev/null`,
  },
  mysql: {
    package: 'mysql-server',
    service: 'mysql',
    optionFile: '/etc/mysql/mysql.conf.d/zz-infra.cnf',
    template: 'mysql/mysql.cnf',
    hasImportDirectory: true,
    validate: (path) => sh`mysqld --defaults-file=${path} --user=mysql --validate-config`,
  },
};

/** Throws `InputError` where the suite has no package of the family: MySQL on released Debian. */
export function checkFamily(family: 'mariadb' | 'mysql', host: Host, {os, version, codename}: Facts): void {
  if (family !== 'mysql' || os !== 'debian' || !/^\d+$/.test(version) || Number(version) > 13) return;
  const message = `role mysqlServer: Debian ${version} (${codename}) of ${host.name} has no package of MySQL`;
  throw new InputError([{message, at: host.at, hint: "use family: 'mariadb', or a host with Ubuntu or Debian sid"}]);
}
