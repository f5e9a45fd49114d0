import {applyAll, dropPending, type Planned, type RunControl} from '../../engine/index.js';
import {newQueue} from '../../local/lock.js';
import {canAsk, type Project} from '../../local/project.js';
import {askConfirmation, askKey, whenInterrupted} from '../../local/prompt.js';
import {catchSignals, interrupt, Stopped, type Stopper} from '../../local/signals.js';
import {hasChanges, InputError, type RunEvent, styled, visible} from '../../model/index.js';
import {createProgress, renderFailure, renderSummary} from '../../renderers/index.js';
import {type ActiveRun, beginRun} from '../../session/active-run.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';
import type {HeadStart} from '../../session/head-start.js';
import {planAndShow} from '../../session/plan-and-show.js';
import type {SavedPlan} from '../../session/saved-plan/saved-plan.js';
import {closeAll, loadSession, type Session} from '../../session/session.js';
import type {ApplyOptions} from './options.js';

/** Shows the plan (the saved one, if given), asks unless `--yes` is given, and applies it. Returns the exit code. */
export function apply(project: Project, options: ApplyOptions, early: HeadStart, saved?: SavedPlan): Promise<number> {
  const {yes, step, format} = options;
  const out = consoleFor(project, options);
  return reportingFaults(
    out,
    async () => {
      if ((step || !yes) && !canAsk(project)) throw new InputError([NO_TERMINAL]);
      if ((step || !yes) && format === 'json') throw new InputError([NO_QUESTION]);
      const session = await loadSession(project, options, out, early);
      const stopper = catchSignals();
      const run = beginRun(session, options, stopper.signal);
      try {
        return await planAndApply({session, run, stopper, out, saved, options});
      } catch (error) {
        if (!(error instanceof Stopped)) {
          run.end('broken-off', 1);
          throw error;
        }
        out.notice('Stopped. Nothing was changed.');
        return run.end('stopped', 130);
      } finally {
        stopper.release();
      }
    },
    options.playbook,
  );
}

interface Applying {
  readonly session: Session;
  readonly run: ActiveRun;
  readonly stopper: Stopper;
  readonly out: Console;
  readonly options: ApplyOptions;
  readonly saved: SavedPlan | undefined;
}

async function planAndApply(applying: Applying): Promise<number> {
  const {session, run, stopper, out, options, saved} = applying;
  const planned = await stopper.race(readAndShow(applying));
  try {
    await forget(planned, options.forget ?? [], out);
    if (!planned.some(({plan}) => hasChanges(plan))) return run.end('no-changes');
    if (!options.yes && !(await stopper.race(confirmApply()))) {
      out.notice('Nothing was changed.');
      return run.end('declined', 1);
    }
    if (saved) (await import('../../session/saved-plan/plan-applied.js')).noteApplied(session.project, saved.plan.id);
    await applyAndShow(applying, planned);
    return run.end('applied');
  } finally {
    await closeAll(planned);
  }
}

/** A new plan, or the saved one with what keeps hosts from it. */
async function readAndShow({session, run, out, saved, options}: Applying): Promise<readonly Planned[]> {
  const events = {push: (event: RunEvent) => run.note(event)};
  if (saved === undefined) return planAndShow(session, out, events, options);
  const {compareAndShow} = await import('./compare-plan.js');
  return compareAndShow(saved, session, out, events, options);
}

async function applyAndShow(applying: Applying, planned: readonly Planned[]): Promise<void> {
  const {session, run, stopper, out, options, saved} = applying;
  const {stdout, stderr, env} = session.project;
  const hosts = planned.flatMap(({plan, run}) => (run ? [plan.host.name] : []));
  const shown =
    options.quiet || options.format === 'json'
      ? undefined
      : createProgress({
          stream: stdout,
          other: stderr,
          env,
          hosts,
          verbosity: options.verbose ?? 0,
          live: options.step ? false : undefined,
        });
  stopper.onSignal = (count) => {
    (shown?.tell ?? out.notice)(count === 1 ? FIRST_SIGNAL : SECOND_SIGNAL);
    if (count > 1) void closeAll(planned);
  };
  const control = {...run.control, plan: saved?.plan.id, ...(options.step && {confirm: askStep()})};
  const applied = applyAll(planned, control, (event) => run.note(event, shown?.listener));
  await applied.finally(() => shown?.stop());
  const summary = run.summary();
  const style = {...out.style, stacks: (options.verbose ?? 0) > 0};
  for (const {host, failure, ignored} of summary.hosts) {
    for (const each of ignored) out.print(styled`\nIgnored:\n${renderFailure(each, {name: host}, style)}`);
    if (failure) out.print(styled`\n${renderFailure(failure, {name: host}, style)}`);
  }
  out.print(
    styled`${options.quiet ? '' : styled`\n`}${renderSummary(summary, {...out.style, brief: options.quiet, condense: true})}`,
  );
  if (summary.hosts.some(({status}) => status === 'interrupted')) out.print(INTERRUPTED);
}

const FIRST_SIGNAL = 'Stopping: each host finishes its current task. Ctrl-C again stops at once.';
const SECOND_SIGNAL = 'Stopping at once: what runs on the hosts is ended, except package transactions.';
const INTERRUPTED = styled`
Interrupted. Pending handlers stay pending. To continue where it stopped: infra apply --resume
`;

async function forget(planned: readonly Planned[], ids: readonly string[], out: Console): Promise<void> {
  if (ids.length === 0) return;
  for (const {host, dropped} of await dropPending(planned, ids)) out.notice(`${host}: dropped ${dropped.join(', ')}`);
}

/** With `--format json` only events are printed to standard output. */
function consoleFor(project: Project, {format}: ApplyOptions): Console {
  const out = openConsole(project);
  return format === 'json' ? {...out, print: () => {}} : out;
}

const NO_TERMINAL = {
  message: 'there is no terminal to ask on',
  hint: 'Check the plan with "infra plan", then apply it without a question: infra apply --yes',
};

const NO_QUESTION = {
  message: '--format json cannot ask questions',
  hint: 'Check the plan with "infra plan", then: infra apply --yes --format json',
};

/** Asks whether the plan is to be applied. Ctrl-C means no. */
function confirmApply(): Promise<boolean> {
  return askConfirmation({message: 'Apply this plan?', default: false}).catch(whenInterrupted(() => false));
}

type Confirm = NonNullable<RunControl['confirm']>;

/**
 * `--step`: asks before each change, one question at a time for all hosts. "continue" agrees to all later changes;
 * Ctrl-C stops the run as it does elsewhere.
 */
function askStep(): Confirm {
  const inTurn = newQueue();
  let answer = 'y';
  const ask = async (text: string): Promise<boolean> => {
    if (answer !== 'c' && answer !== 'stop') answer = await prompt(text);
    return answer === 'y' || answer === 'c';
  };
  return ({host, task, action}) => inTurn(() => ask(visible(`${host}: ${action} ${task}?`)));
}

/** The key of the answer, or `stop`. */
function prompt(message: string): Promise<string> {
  const choices = [
    {key: 'y', name: 'yes'},
    {key: 'n', name: 'no, leave it'},
    {key: 'c', name: 'continue without asking'},
  ] as const;
  return askKey({message, choices, default: 'n'}).catch(
    whenInterrupted(() => {
      interrupt();
      return 'stop';
    }),
  );
}
