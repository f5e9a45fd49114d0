import type {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {beginEarly} from '../../session/run-options.js';
import {openSavedPlan} from '../../session/saved-plan/saved-plan.js';
import {show} from '../../session/saved-plan/show-plan.js';
import type {ApplyOptions} from './options.js';
import {refusePlanningOptions} from './refuse-planning.js';
import {apply} from './run.js';

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
