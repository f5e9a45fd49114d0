import type {Command} from 'commander';
import type {Project} from '../local/project.js';
import type {ApplyOptions} from './apply-options.js';
import {openConsole, reportingFaults} from './console.js';
import {refusePlanningOptions} from './refuse-planning.js';
import {apply} from './run-apply.js';
import {beginEarly} from './run-options.js';
import {show} from './run-show.js';
import {openSavedPlan} from './saved-plan.js';

/** Applies a saved plan and nothing else, with the options that it was planned with. Returns the exit code. */
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
