import {type Command, sh} from '../../shell/index.js';
import type {Operation} from '../operation.js';
import {refuseOperation, refuseServer, serverNamed} from '../refusals.js';
import {answering, type DatabaseSite, findPrimary} from '../site.js';
import {PROGRAM} from './backups.js';

/** Seconds after which the command no longer waits for a backup: it goes on, and its journal tells how it ends. */
const AT_MOST = 24 * 3600;

/**
 * Plans a backup now: on the server with this name, else on the first replica that replicates, else on the primary.
 * Throws `InputError` where no server can be backed up.
 */
export function planBackup(site: DatabaseSite, name: string | undefined): Operation {
  const host = name === undefined ? chosen(site) : named(site, name);
  return {
    name: 'backup',
    title: `backup: ${host}`,
    notes: [],
    steps: [
      {
        host,
        text: `back up, with the unit ${UNIT}`,
        run: async (hosts) => wordsOf(await hosts.ask(host, startBackup(), {seconds: AT_MOST, live: true})),
      },
    ],
    done: 'To see what there is: infra db backup --list',
  };
}

const UNIT = 'database-backup@now.service';

function chosen(site: DatabaseSite): string {
  const replica = answering(site).find(({report}) => report.following?.io === 'yes' && report.following.sql);
  if (replica) return replica.host.name;
  const primary = findPrimary(site);
  if (primary.state === 'serving') return primary.node.host.name;
  throw refuseOperation(
    'no server replicates, and none takes writes',
    'To back up one all the same, name it: infra db backup HOST',
  );
}

function named(site: DatabaseSite, name: string): string {
  if (serverNamed(site, name).isReached) return name;
  throw refuseServer(site, `${name} cannot be reached`);
}

/**
 * Runs the unit and prints how much it has encrypted, every two seconds, and at the end its last success as JSON. Fails
 * with the unit's own words. When the connection is lost, the backup goes on.
 */
function startBackup(): Command {
  return sh`[ -x ${PROGRAM} ] || { echo 'The role databaseBackup has not been applied to this host.' >&2; exit 1; }
now=$(date +%s)
systemctl start ${UNIT} 2>/dev/null & start=$!
while kill -0 $start 2>/dev/null; do
  sleep 2
  for p in $(cat "/sys/fs/cgroup$(systemctl show --property=ControlGroup --value ${UNIT})/cgroup.procs" 2>/dev/null); do
    [ "$(cat /proc/$p/comm 2>/dev/null)" != age ] || awk '/^wchar/ { printf "%.0f MiB encrypted\n", $2 / 1048576 }' /proc/$p/io
  done
done
wait $start || { journalctl --unit=${UNIT} --since="@$now" --no-pager --quiet --output=cat --lines=5 >&2; exit 1; }
cat /var/lib/infra/database/backup.json`;
}

function wordsOf(output: string): string {
  const {destination, file, bytes, seconds} = lastSuccess(output.trimEnd().split('\n').at(-1) ?? '');
  return `${file} in ${destination}: ${bytes} bytes, ${seconds} s`;
}

function lastSuccess(json: string) {
  const [destination, file, bytes, seconds] = ['destination', 'file', 'bytes', 'seconds'].map(
    (name) => new RegExp(`"${name}": "?([^",}]*)`).exec(json)?.[1] ?? 'unknown',
  );
  return {destination, file, bytes, seconds};
}
