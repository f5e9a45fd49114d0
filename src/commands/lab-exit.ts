import {LabError} from '../lab/error.js';

/** Runs a lab command and returns its exit code; an expected failure is printed in two lines and gives 1. */
export async function exitCodeOf(work: () => Promise<number | undefined>): Promise<number> {
  try {
    return (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`error: ${error.message}\n${error.hint}\n`);
    return 1;
  }
}
