import {counted, warning} from '../../model/index.js';
import type {Secret} from '../../shell/index.js';
import {parseGtids, subtract} from '../gtid.js';
import type {Operation, OperationHosts, OperationStep} from '../operation.js';
import {refuseOperation, refuseServer, serverNamed} from '../refusals.js';
import {openPrimary} from '../server-steps.js';
import {type DatabaseNode, type DatabaseSite, findPrimary} from '../site.js';
import {type Backup, type BinaryLog, listStored, parseBackups, parseLogs} from './backups.js';
import {logsAfter} from './logs.js';
import {leaveReplicas} from './must-seed.js';
import * as restore from './restore.js';

/** What is to be restored, and where. */
export interface RestoreRequest {
  /** The database server that gets it. */
  readonly to: string;
  /** The file's name. Left out: the newest, or the newest that began before `until`. */
  readonly backup?: string | undefined;
  /** With the binary logs up to this time. */
  readonly until?: Date | undefined;
  /** Only try it: the server's data is not touched. */
  readonly verify?: boolean | undefined;
  /** The server's data may be replaced. */
  readonly overwrite?: boolean | undefined;
}

/** What will be restored: the backup, and the binary logs that are applied to it. */
export interface RestoreChoice {
  readonly backup: Backup;
  readonly logs: readonly BinaryLog[];
}

/** The files of a choice with headers for a one-time identity. */
export interface OpenedChoice extends RestoreChoice {
  readonly identity: Secret;
  readonly files: readonly restore.Opened[];
}

/** Reads from a server what it finds at its destination. Rejects with `HostError`. */
export async function readStored(host: string, hosts: OperationHosts) {
  // A host runs one command at a time.
  const backups = await hosts.ask(host, listStored('backups'), {seconds: 120});
  const logs = await hosts.ask(host, listStored('logs'), {seconds: 120});
  return {backups: parseBackups(backups), logs: parseLogs(logs)};
}

/** Chooses the backup and its logs. Throws `InputError` where there are none for the time. */
export function chooseRestore(
  {backups, logs}: {readonly backups: readonly Backup[]; readonly logs: readonly BinaryLog[]},
  {backup: name, until, to}: RestoreRequest,
): RestoreChoice {
  const backup = name === undefined ? newest(backups, until, to) : backups.find(({file}) => file === name);
  if (!backup)
    throw refuseOperation(`${to} finds no backup named ${name}`, 'To see what there is: infra db backup --list');
  if (until === undefined) return {backup, logs: []};
  if (endOf(backup) > until.getTime())
    throw refuseOperation(`${backup.file} ended after ${until.toISOString()}`, 'Name an older backup, or none.');
  const found = logsAfter(backup, logs, until);
  if (found && Date.parse(found.reaches) >= until.getTime()) return {backup, logs: found.logs};
  const reach = found ? `The binary logs reach to ${found.reaches}.` : 'There are no binary logs that go on from it.';
  throw refuseOperation(
    `${backup.file} cannot be brought to ${until.toISOString()}`,
    `${reach} Name a time before that, or leave out --until.`,
  );
}

/** A physical backup holds what was written until its end. */
const endOf = ({start, seconds}: Backup) => Date.parse(start) + seconds * 1000;

function newest(backups: readonly Backup[], until: Date | undefined, to: string): Backup {
  const fit = backups.filter((each) => until === undefined || endOf(each) <= until.getTime());
  const found = fit.at(-1);
  if (found) return found;
  throw refuseOperation(
    `${to} finds no backup${until ? ` from before ${until.toISOString()}` : ''}`,
    'To see what there is: infra db backup --list',
  );
}

/** Plans the restore. Throws `InputError` where it would replace data that nobody said may be replaced. */
export function planRestore(site: DatabaseSite, request: RestoreRequest, opened: OpenedChoice): Operation {
  const node = targetOf(site, request);
  const {backup, logs} = opened;
  const to = node.host.name;
  const time = request.until?.toISOString() ?? backup.start;
  if (!request.verify) refuseLoss(site, node, request);
  return {
    name: 'restore',
    title: request.verify ? `restore: try ${backup.file} on ${to}` : `restore: ${to} as of ${time}`,
    ...(!request.verify && node.report?.databases.length !== 0 && {confirmBy: to}),
    notes: request.verify ? [] : notesFor(site, node, opened),
    steps: [
      fetched(to, opened),
      step(to, 'make data files of it that a server can open', restore.prepareRestore()),
      ...(logs.length > 0
        ? [step(to, `apply ${counted(logs.length, 'binary log')}`, restore.replayLogs(request.until))]
        : []),
      ...(request.verify ? verified(to) : installed(site, node, backup)),
    ],
    done: request.verify
      ? 'The backup can be restored. Nothing of it is left on the server.'
      : `${to} takes writes, as of ${time}.`,
  };
}

/** Seconds of a step that reads or writes all data. */
const AT_MOST = 24 * 3600;

function step(host: string, text: string, command: ReturnType<typeof restore.prepareRestore>): OperationStep {
  return {
    host,
    text,
    // What it prints is shown as it comes.
    run: async (hosts) => {
      await hosts.ask(host, command, {seconds: AT_MOST, live: true});
      return undefined;
    },
  };
}

function fetched(to: string, {backup, logs, identity, files}: OpenedChoice): OperationStep {
  const also = logs.length > 0 ? ` and ${counted(logs.length, 'binary log')}` : '';
  return {
    ...step(
      to,
      `decrypt ${backup.file}${also}, ${counted(backup.size, 'byte')}`,
      restore.fetchBackup(backup.file, identity, files),
    ),
    undo: {text: 'delete what was restored', run: (hosts) => hosts.ask(to, restore.discardRestore(), {seconds: 600})},
  };
}

function verified(to: string): readonly OperationStep[] {
  return [
    step(to, 'open it with a server of its own, check and count every table', restore.verifyRestore()),
    step(to, 'delete it again', restore.discardRestore()),
  ];
}

function installed(site: DatabaseSite, node: DatabaseNode, backup: Backup): readonly OperationStep[] {
  const to = node.host.name;
  return [
    ...leaveReplicas(site, node, parseGtids(site.family, backup.gtid)),
    {
      ...step(
        to,
        'stop the server, put the restored data in place, start it; the old data is kept aside',
        restore.installRestore(),
      ),
      undo: {text: 'put the old data back', run: (hosts) => hosts.ask(to, restore.undoRestore(), {seconds: 600})},
    },
    {...step(to, 'open writes', openPrimary(site.family, 0)), isFinal: true},
  ];
}

function targetOf(site: DatabaseSite, {to}: RestoreRequest): DatabaseNode {
  const node = serverNamed(site, to);
  if (node.isReached) return node;
  throw refuseServer(site, `${to} cannot be reached`);
}

function refuseLoss(site: DatabaseSite, node: DatabaseNode, {overwrite}: RestoreRequest): void {
  const {host, report} = node;
  const primary = findPrimary(site);
  if (primary.state === 'serving' && primary.node.host !== host)
    throw refuseOperation(
      `${primary.node.host.name} takes writes: data restored on ${host.name} would be a second history`,
      `Restore on ${primary.node.host.name}, or only try the backup: infra db restore --to ${host.name} --verify`,
    );
  if (overwrite || report?.databases.length === 0) return;
  const holds = report ? `holds ${report.databases.join(', ')}` : 'has a server that does not answer; it may hold data';
  throw refuseOperation(`${host.name} ${holds}`, 'Its data is replaced only if you say so: add --overwrite');
}

function notesFor(
  {servers, family}: DatabaseSite,
  {host, report}: DatabaseNode,
  {backup, logs}: OpenedChoice,
): Operation['notes'] {
  const lost = report && subtract(report.executed, parseGtids(family, backup.gtid));
  const others = servers.filter((each) => each.host !== host).map((each) => each.host.name);
  return [
    ...(report && report.databases.length > 0
      ? [warning(`${host.name} holds ${report.databases.join(', ')}: all of it is replaced.`)]
      : []),
    ...(lost && lost.count !== 0 && logs.length === 0
      ? [warning(`Transactions that the backup lacks, ${lost.text}, are in the old data only.`)]
      : []),
    ...(others.length > 0
      ? [
          warning(
            `${others.join(', ')} cannot go on from the restored data: seed ${others.length === 1 ? 'it' : 'each of them'} again afterwards with infra db seed.`,
          ),
        ]
      : []),
  ];
}
