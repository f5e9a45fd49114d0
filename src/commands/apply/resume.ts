import type {Project} from '../../local/project.js';
import {InputError} from '../../model/index.js';
import {isRunning, loadRecord, type RunRecord, runsDirectory, unfinishedHosts} from '../../records/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {changedSince} from '../../session/file-digests.js';
import {headStart} from '../../session/head-start.js';
import type {ApplyOptions} from './options.js';
import {apply} from './run.js';

/**
 * Goes on with a run that was cut off: with its playbook, inventory and options, on the hosts that it did not finish.
 * That is safe because every host is read and planned anew, so it does not matter where exactly the run ended; for the
 * same reason files that have changed since are no obstacle, but that is said. Returns the exit code.
 */
export function resume(project: Project, options: ApplyOptions): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    const record = loadRecord(runsDirectory(project.root), options.resume === true ? undefined : options.resume);
    const hosts = unfinishedHosts(record);
    refuse(record, hosts, options);
    const {head} = record;
    out.notice(`Going on with run ${head.run} on ${hosts.join(', ')}.`);
    for (const file of changedSince(head))
      out.notice(`${file} has changed since; the plan is made from it as it is now.`);
    // What the record's own run was told; `beginRun` put it there.
    const before = head.options as unknown as ApplyOptions;
    const {resume: _, ...now} = given(options);
    const whole = {...before, ...now, playbook: head.playbook.file, limit: hosts.join(':'), resumes: head.run};
    return apply(project, whole, headStart(project, whole));
  });
}

/** The options of this command line that are not about what the run is for. */
function given({yes, format, quiet, verbose, lockTimeout, backup, forget, resume}: ApplyOptions) {
  const all = {yes, format, quiet, verbose, lockTimeout, backup, forget, resume};
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<ApplyOptions>;
}

function refuse(record: RunRecord, left: readonly string[], {inventory, limit}: ApplyOptions): void {
  const {head} = record;
  if (inventory !== undefined || limit !== undefined) {
    const message = '--resume takes inventory and hosts from the run that it goes on with';
    throw new InputError([{message, hint: 'Leave out --inventory and --limit, or apply without --resume.'}]);
  }
  if (isRunning(record)) {
    const message = `run ${head.run} still goes on, as process ${head.process}`;
    throw new InputError([{message, hint: 'Wait until it is through, or stop it with Ctrl-C where it runs.'}]);
  }
  if (left.length > 0) return;
  const message = `there is nothing to resume: run ${head.run} left no host unfinished`;
  throw new InputError([{message, hint: 'To see whether anything is to be done: infra plan'}]);
}
