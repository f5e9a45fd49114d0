import {Command, Option} from 'commander';
import type {Project} from '../../local/project.js';
import {InputError} from '../../model/index.js';
import {isRunning, loadRecord, type RunRecord, runsDirectory, unfinishedHosts} from '../../records/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {changedSince} from '../../session/file-digests.js';
import {headStart} from '../../session/head-start.js';
import {addPlanningOptions, beginEarly} from '../../session/planning-options.js';
import {openSavedPlan} from '../../session/saved-plan/saved-plan.js';
import {show} from '../../session/show-plan.js';
import type {ApplyOptions} from './options.js';
import {apply} from './run.js';

/** Applies a saved plan and nothing else, with the options that it was made with. Returns the exit code. */
export function applySaved(
  project: Project,
  file: string,
  options: ApplyOptions & {readonly check?: boolean; readonly dryRun?: boolean},
  command: Command,
): Promise<number> {
  return reportingFaults(openConsole(project), async () => {
    refusePlanningOptions(command);
    if (options.check || options.dryRun) return show(project, file, 'text');
    const saved = await openSavedPlan(project, file);
    const whole = {...options, ...saved.options};
    return apply(project, whole, await beginEarly(project, whole), saved);
  });
}

/** Throws `InputError` when options that shape a plan are given with a saved plan, which has its own. */
function refusePlanningOptions(command: Command): void {
  const shaping = [...addPlanningOptions(new Command()).options, new Option('--resume')];
  const given = shaping.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  if (given.length === 0) return;
  const names = given.map(({long}) => long).join(', ');
  const message = `${names}: a saved plan is applied as it is, without options that would make another plan`;
  throw new InputError([{message, hint: 'Give them to infra plan --out FILE instead.'}]);
}

/**
 * Continues a run that was cut off: with its playbook, inventory and options, on the hosts that it did not finish. That
 * is safe because every host is read and planned again, so it does not matter where exactly the run ended; for the same
 * reason, files that have changed since are only reported. Returns the exit code.
 */
export function resume(project: Project, options: ApplyOptions): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    const record = loadRecord(runsDirectory(project.root), options.resume === true ? undefined : options.resume);
    const hosts = unfinishedHosts(record);
    refuse(record, hosts, options);
    const {head} = record;
    out.notice(`Continuing run ${head.run} on ${hosts.join(', ')}.`);
    for (const file of changedSince(head))
      out.notice(`${file} has changed since. The plan is made from the new version.`);
    // The options of that run, which `beginRun` has recorded.
    const before = head.options as unknown as ApplyOptions;
    const {resume: _, ...now} = given(options);
    const whole = {...before, ...now, playbook: head.playbook.file, limit: hosts.join(':'), resumes: head.run};
    return apply(project, whole, headStart(project, whole));
  });
}

/** The options of this command line that do not decide what the run is about. */
function given({yes, format, quiet, verbose, lockTimeout, backup, forget, resume}: ApplyOptions) {
  const all = {yes, format, quiet, verbose, lockTimeout, backup, forget, resume};
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<ApplyOptions>;
}

function refuse(record: RunRecord, left: readonly string[], {inventory, limit}: ApplyOptions): void {
  const {head} = record;
  if (inventory !== undefined || limit !== undefined) {
    const message = '--resume takes inventory and hosts from the run that it continues';
    throw new InputError([{message, hint: 'Leave out --inventory and --limit, or apply without --resume.'}]);
  }
  if (isRunning(record)) {
    const message = `run ${head.run} is still running, as process ${head.process}`;
    throw new InputError([{message, hint: 'Wait until it ends, or stop it with Ctrl-C where it runs.'}]);
  }
  if (left.length > 0) return;
  const message = `there is nothing to resume: run ${head.run} left no host unfinished`;
  throw new InputError([{message, hint: 'To see whether there is anything to do: infra plan'}]);
}
