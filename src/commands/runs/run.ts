import type {Project} from '../../local/project.js';
import {counted, type HostResult, styled, summarise} from '../../model/index.js';
import {
  isRunning,
  loadRecord,
  loadRecords,
  type RunRecord,
  runsDirectory,
  unfinishedHosts,
} from '../../records/index.js';
import {type PlainOptions, pad, plainProgress, renderFailure, renderSummary, widthOf} from '../../renderers/index.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';

/** Prints a line for each run on record, the newest first. Returns the exit code. */
export function listRuns(project: Project): number {
  const out = openConsole(project);
  const records = loadRecords(runsDirectory(project.root));
  if (records.length === 0) out.notice('There are no recorded runs here. infra apply records each run.');
  const rows = records.map(rowOf);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? '')))) ?? [];
  for (const row of rows) {
    const cells = row.map((cell, column) => pad(cell, widths[column] ?? 0));
    out.print(styled`${cells.join('  ').trimEnd()}\n`);
  }
  return 0;
}

function rowOf(record: RunRecord): readonly string[] {
  const {head} = record;
  const who = `${head.operator}@${head.machine}`;
  return [head.run, localTime(head.started), who, head.playbook.name, endOf(record), storyOf(record)];
}

/** Prints what a run did and how it ended. Returns the exit code of printing it. */
export function showRun(project: Project, name: string | undefined, output: boolean): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    show(loadRecord(runsDirectory(project.root), name), output, out);
    return 0;
  });
}

function show(record: RunRecord, output: boolean, out: Console): void {
  const {head, tail, events} = record;
  const summary = summarise(events);
  const last = tail?.ended ?? events.at(-1)?.time ?? head.started;
  out.print(styled`Run ${head.run}: ${endOf(record)}${tail ? `, exit code ${tail.exitCode}` : ''}
  by         ${head.operator} on ${head.machine}, infra ${head.version}
  from       ${localTime(head.started)} until ${localTime(last)}
  command    infra ${head.arguments.join(' ')}
  playbook   ${head.playbook.file} (${head.playbook.digest.slice(0, 12)})
  inventory  ${head.inventory.file} (${head.inventory.digest.slice(0, 12)})
${head.resumes === undefined ? '' : styled`  resumes    ${head.resumes}\n`}\n`);
  replay(events, {hosts: head.hosts, verbosity: output ? 1 : 0}, out);
  for (const {host, failure} of summary.hosts)
    if (failure) out.print(styled`\n${renderFailure(failure, {name: host}, out.style)}`);
  if (summary.hosts.length > 0) out.print(styled`\n${renderSummary(summary, out.style)}`);
  const left = unfinishedHosts(record);
  if (left.length > 0 && !isRunning(record)) {
    out.print(styled`\nNot finished: ${left.join(', ')}. To continue: infra apply --resume ${head.run}\n`);
  }
}

/** Prints the progress of the run as it was, with its times. */
function replay(events: RunRecord['events'], options: PlainOptions, out: Console): void {
  let now = 0;
  const listener = plainProgress(out.print, {...options, clock: () => now});
  for (const event of events) {
    now = Date.parse(event.time);
    listener(event);
  }
}

/** How a run ended, in one word or two. */
function endOf(record: RunRecord): string {
  const {tail} = record;
  if (!tail) return isRunning(record) ? 'running' : 'killed';
  if (tail.outcome === 'applied') return tail.exitCode === 0 ? 'ok' : tail.exitCode === 130 ? 'interrupted' : 'failed';
  return {
    'no-changes': tail.exitCode === 0 ? 'no changes' : 'failed',
    declined: 'declined',
    stopped: 'stopped',
    'broken-off': 'aborted',
  }[tail.outcome];
}

function storyOf({events, head}: RunRecord): string {
  const {hosts} = summarise(events);
  const changes = hosts.reduce((sum, {changed}) => sum + changed, 0);
  const count = (...statuses: HostResult['status'][]) => hosts.filter(({status}) => statuses.includes(status)).length;
  const bad = count('failed', 'unreachable');
  return [
    counted(head.hosts.length, 'host'),
    `${counted(changes, 'task')} changed`,
    ...(bad > 0 ? [`${bad} failed`] : []),
  ].join(' · ');
}

/** A time in the reader's time zone: `2026-11-22 10:30:04`. */
function localTime(iso: string): string {
  const time = new Date(iso);
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}
