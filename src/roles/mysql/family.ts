import {
  distributionOf,
  type Facts,
  type Host,
  InputError,
  releaseName,
  releasesWith,
  versionsOf,
} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';

/**
 * What differs between the database servers, by the host's distribution. Throws `InputError` where the release has no
 * package of the family: MySQL on released Debian.
 */
export function familyOf(name: 'mariadb' | 'mysql', host: Host, facts: Facts) {
  if (versionsOf(facts)[name] !== undefined) return {...FAMILIES[name], ...distributionOf(facts).databases[name]};
  const message = `role mysqlServer: ${releaseName(facts)} (${facts.codename}) on ${host.name} has no package of MySQL`;
  const hint = `Use family: 'mariadb', or a host with ${releasesWith('mysql', 'or')}.`;
  throw new InputError([{message, at: host.at, hint}]);
}

/** What differs between MariaDB and MySQL on every distribution. */
interface Family {
  readonly template: string;
  /** Whether the package makes the directory for imports and exports. */
  readonly hasImportDirectory: boolean;
  /** Tests an option file and fails at an unknown option; starts nothing. */
  validate(path: string): Command;
}

const FAMILIES: Readonly<Record<'mariadb' | 'mysql', Family>> = {
  mariadb: {
    template: 'mysql/mariadb.cnf',
    hasImportDirectory: false,
    validate: (path) => sh`mariadbd --defaults-file=${path} --user=mysql --help --verbose >/dev/null`,
  },
  mysql: {
    template: 'mysql/mysql.cnf',
    hasImportDirectory: true,
    validate: (path) => sh`mysqld --defaults-file=${path} --user=mysql --validate-config`,
  },
};
