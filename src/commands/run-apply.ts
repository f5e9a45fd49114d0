import {hostname, userInfo} from 'node:os';
import {applyAll, type Planned} from '../engine/index.js';
import {type Failure, hasChanges, InputError, type RunEvent, summarise} from '../model/index.js';
import {createProgress, renderFailure, renderSummary} from '../renderers/index.js';
import {type Console, openConsole, reportingFaults} from './console.js';
import type {HeadStart} from './head-start.js';
import type {RunOptions} from './run-options.js';
import {planAndShow} from './run-plan.js';
import {closeAll, loadSession, type Session} from './session.js';

/** Shows the plan, asks unless told not to, and applies it. Returns the exit code. */
export function apply(options: RunOptions, yes: boolean, early: HeadStart): Promise<number> {
  const out = openConsole();
  return reportingFaults(
    out,
    async () => {
      if (!yes && !canAsk()) throw new InputError([NO_TERMINAL]);
      const session = await loadSession(options, out, early);
      const events: RunEvent[] = [];
      const planned = await planAndShow(session, out, events);
      try {
        if (!planned.some(({plan}) => hasChanges(plan))) return summarise(events).exitCode;
        if (!yes && !(await confirmed())) return declined(out);
        await applyAndShow(session, planned, out, events);
        return summarise(events).exitCode;
      } finally {
        await closeAll(planned);
      }
    },
    options.playbook,
  );
}

async function applyAndShow(session: Session, planned: readonly Planned[], out: Console, events: RunEvent[]) {
  const hosts = planned.flatMap(({plan, run}) => (run ? [plan.host.name] : []));
  const progress = createProgress({stream: process.stdout, hosts});
  const owner = `${userInfo().username}@${hostname()}, process ${process.pid}, since ${new Date().toISOString()}`;
  const applying = applyAll(planned, owner, (event) => {
    const masked = maskFailure(event, session.mask);
    events.push(masked);
    progress.listener(masked);
  });
  await applying.finally(() => progress.stop());
  const summary = summarise(events);
  for (const {host, failure} of summary.hosts)
    if (failure) out.print(`\n${renderFailure(failure, {name: host}, out.style)}`);
  out.print(`\n${renderSummary(summary, out.style)}`);
}

/** Output that came back from a host may repeat a secret. */
function maskFailure(event: RunEvent, mask: (text: string) => string): RunEvent {
  if (event.type !== 'host-failed') return event;
  const {output, command, message} = event.failure;
  const failure: Failure = {
    ...event.failure,
    message: mask(message),
    output: output && mask(output),
    command: command && mask(command),
  };
  return {...event, failure};
}

const canAsk = () => process.stdin.isTTY === true && process.stdout.isTTY === true;

const NO_TERMINAL = {
  message: 'there is no terminal to ask on',
  hint: 'Look at the plan with "infra plan", then apply without a question: infra apply --yes',
};

async function confirmed(): Promise<boolean> {
  const {default: inquirer} = await import('inquirer');
  try {
    const question = {type: 'confirm' as const, name: 'go', message: 'Apply this plan?', default: false};
    return (await inquirer.prompt([question])).go;
  } catch (error) {
    // Ctrl-C at the question means no.
    if (error instanceof Error && error.name === 'ExitPromptError') return false;
    throw error;
  }
}

function declined(out: Console): number {
  out.notice('Nothing was changed.');
  return 1;
}
