import {type Facts, type Host, InputError} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';

/** The names that differ between MariaDB and MySQL. */
interface Family {
  readonly package: string;
  readonly service: string;
  /** Sorts after the files of the package, so that it wins. */
  readonly optionFile: string;
  readonly template: string;
  /** Whether the package makes the directory for imports and exports. */
  readonly hasImportDirectory: boolean;
  /** Tests an option file and fails at an unknown option; starts nothing. */
  validate(path: string): Command;
}

/** What differs between the database servers. */
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

/** Throws `InputError` where the release has no package of the family: MySQL on released Debian. */
export function checkFamily(family: 'mariadb' | 'mysql', host: Host, {os, version, codename}: Facts): void {
  if (family !== 'mysql' || os !== 'debian' || !/^\d+$/.test(version) || Number(version) > 13) return;
  const message = `role mysqlServer: Debian ${version} (${codename}) on ${host.name} has no package of MySQL`;
  throw new InputError([{message, at: host.at, hint: "Use family: 'mariadb', or a host with Ubuntu or Debian sid."}]);
}
