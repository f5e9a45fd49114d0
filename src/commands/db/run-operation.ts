import {
  NOT_NEEDED,
  type Operation,
  OperationFailed,
  type OperationHosts,
  type OperationListener,
  type OperationStep,
  runOperation,
} from '../../database/operation.js';
import type {DatabaseSite} from '../../database/site.js';
import {canAsk, type Project} from '../../local/project.js';
import {askConfirmation, askText, whenInterrupted} from '../../local/prompt.js';
import {catchSignals, type Stopper} from '../../local/signals.js';
import {InputError, type RunEvent, styled} from '../../model/index.js';
import {createProgress, renderFailure} from '../../renderers/index.js';
import {type ActiveRun, beginRun} from '../../session/active-run.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';
import type {Session} from '../../session/session.js';
import {failureOfOperation} from './failure-of-operation.js';
import {hostsOver} from './hosts.js';
import {hostsIn, lockUnchanged, neededBy} from './lock-operation.js';
import type {OpenDatabase} from './open.js';
import type {OperationOptions} from './options.js';
import {renderOperation} from './render-operation.js';
import {withDatabase} from './with-database.js';

/**
 * Plans an operation from what the servers say. `run`: the run's name; `hosts`: for what else has to be read first. Throws
 * `InputError` where it is not safe.
 */
export type PlanOperation = (
  site: DatabaseSite,
  run: string,
  session: Session,
  hosts: OperationHosts,
) => Operation | Promise<Operation>;

/** Shows the steps of an operation, asks unless `--yes` is given, runs them, and records it. Returns the exit code. */
export function operate(project: Project, options: OperationOptions, plan: PlanOperation): Promise<number> {
  const isJson = options.format === 'json';
  const console = openConsole(project);
  const out = isJson ? {...console, print: () => {}} : console;
  return reportingFaults(out, async () => {
    if (!options.yes && !options.check && !canAsk(project)) throw new InputError([NO_TERMINAL]);
    if (!options.yes && !options.check && isJson) throw new InputError([NO_QUESTION]);
    return withDatabase(project, options, out, (database, session) =>
      showAndRun({session, database, options, out, plan}),
    );
  });
}

interface Operating {
  readonly session: Session;
  readonly database: OpenDatabase;
  readonly options: OperationOptions;
  readonly out: Console;
  readonly plan: PlanOperation;
}

async function showAndRun(operating: Operating): Promise<number> {
  const {session, database, options, out, plan} = operating;
  const hosts = hostsOver(database, () => {}, 'plan');
  const stopper = catchSignals();
  try {
    if (options.check) {
      out.print(renderOperation(await plan(database.site, 'check', session, hosts), out.style));
      return 0;
    }
    const active = beginRun({...session, hosts: hostsIn(database.site)}, options, stopper.signal);
    try {
      const operation = await plan(database.site, active.control.id, session, hosts);
      out.print(renderOperation(operation, out.style));
      if (operation.steps.length === 0) return active.end('no-changes', 0);
      if (!options.yes && !(await stopper.race(confirm(operation)))) {
        out.notice('Nothing was changed.');
        return active.end('declined', 1);
      }
      return await lockAndRun(operating, operation, active, stopper);
    } catch (error) {
      active.end('broken-off', 1);
      throw error;
    }
  } finally {
    stopper.release();
  }
}

async function lockAndRun(
  operating: Operating,
  operation: Operation,
  active: ActiveRun,
  stopper: Stopper,
): Promise<number> {
  const {database, options, out, session} = operating;
  const refused = await lockUnchanged(database, neededBy(operation), active, out);
  if (refused) {
    out.print(styled`\n${renderFailure(refused.failure, {name: refused.host}, out.style)}`);
    return active.end('applied', 1);
  }
  const {stdout, stderr, env} = session.project;
  const hosts = [...new Set(operation.steps.map(({host}) => host))];
  const isJson = options.format === 'json';
  const shown = isJson
    ? undefined
    : createProgress({
        stream: stdout,
        other: stderr,
        env,
        hosts,
        verbosity: Math.max(1, options.verbose ?? 0),
        live: false,
      });
  const note = (event: RunEvent) => active.note(event, shown?.listener);
  stopper.onSignal = (count) => (shown?.tell ?? out.notice)(count === 1 ? FIRST_SIGNAL : SECOND_SIGNAL);
  try {
    const overall = hostsOver(database, note, operation.name);
    await runOperation(operation, overall, listening(note, operation), stopper.signal);
    for (const host of hosts)
      note({type: 'host-finished', host, changed: operation.steps.filter((step) => step.host === host).length});
    out.print(styled`\n${operation.done}\n`);
    const exitCode = active.end('applied', 0);
    await operation.forget?.(overall).catch(() => undefined);
    return exitCode;
  } catch (error) {
    if (!(error instanceof OperationFailed)) throw error;
    const failure = failureOfOperation(error, operation);
    note({type: 'host-failed', host: error.step.host, failure});
    out.print(styled`\n${renderFailure(failure, {name: error.step.host}, out.style)}`);
    return active.end('applied', stopper.signal.aborted ? 130 : 1);
  } finally {
    await shown?.stop();
  }
}

function listening(note: (event: RunEvent) => void, {name: play}: Operation): OperationListener {
  const about = ({host, text}: OperationStep) => ({host, play, task: text});
  return {
    started: (step) => note({type: 'task-started', ...about(step)}),
    finished: (step, seconds, result) => {
      if (result === NOT_NEEDED) return note({type: 'task-unchanged', ...about(step)});
      if (result !== undefined) note({type: 'output', ...about(step), stream: 'stdout', text: result});
      note({type: 'task-changed', ...about(step), action: 'run', seconds});
    },
    undone: (step) =>
      note({
        type: 'task-changed',
        ...about({...step, text: `taken back: ${step.undo?.text}`}),
        action: 'run',
        seconds: 0,
      }),
  };
}

function confirm({name, confirmBy}: Operation): Promise<boolean> {
  const asked =
    confirmBy === undefined
      ? askConfirmation({message: `Do this ${name}?`, default: false})
      : askText({message: `Type ${confirmBy} to replace its data:`, validate: () => true}).then(
          (typed) => typed === confirmBy,
        );
  return asked.catch(whenInterrupted(() => false));
}

const FIRST_SIGNAL =
  'Stopping when the present step has ended. What was done is then taken back, unless the point of no return is passed.';
const SECOND_SIGNAL =
  'Still waiting for the present step. Ctrl-C once more leaves the servers as they are; run the same command again then.';

const NO_TERMINAL = {
  message: 'there is no terminal to ask on',
  hint: 'See the steps with --check, then run it without a question, with --yes.',
};

const NO_QUESTION = {
  message: '--format json cannot ask questions',
  hint: 'See the steps with --check, then run it with --yes --format json.',
};
