import type {Command} from 'commander';
import type {ApplyOptions} from './apply-options.js';
import {openConsole, reportingFaults} from './console.js';
import {refusePlanningOptions} from './refuse-planning.js';
import {apply} from './run-apply.js';
import {beginEarly} from './run-options.js';
import {show} from './run-show.js';
import {openSavedPlan} from './saved-plan.js';

/** Applies a saved plan and nothing else, with the options that it was planned with. Returns the exit code. */
export function applySaved(
  file: string,
  options: ApplyOptions & {readonly check?: boolean; readonly dryRun?: boolean},
  command: Command,
): Promise<number> {
  return reportingFaults(openConsole(), async () => {
    refusePlanningOptions(command);
    if (options.check || options.dryRun) return show(file, 'text');
    const saved = await openSavedPlan(file);
    const whole = {...options, ...saved.options};
    return apply(whole, options.yes === true, await beginEarly(whole), undefined, saved);
  });
}
