import {LabError} from '../lab/error.js';
import type {Project} from '../local/project.js';
import {InputError} from '../model/diagnostic.js';

/** Runs a lab command and returns its exit code; an expected failure is shown with its next step and gives 1. */
export async function exitCodeOf(project: Project, work: () => Promise<number | undefined>): Promise<number> {
  try {
    return (await work()) ?? 0;
  } catch (error) {
    const {openConsole, reportingFaults} = await import('./console.js');
    return reportingFaults(openConsole(project), () =>
      Promise.reject(error instanceof LabError ? faultOf(error) : error),
    );
  }
}

function faultOf({message, hint}: LabError) {
  return new InputError([{message, hint}]);
}
