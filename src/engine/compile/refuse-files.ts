import {type Diagnostic, type HostError, InputError, positionIn} from '../../model/index.js';

/**
 * Throws what the user's own files are to blame for when it kept every host of the run from being planned: it is told
 * once, where it stands. `errors`: of each host, undefined where it could be planned. With one host planned, or failed
 * for another reason, each failure stays that of its host.
 */
export function refuseFiles(errors: readonly (HostError | undefined)[]): void {
  const causes = errors.map((error) => error?.cause);
  if (causes.length === 0 || !causes.every(isOfTheUser)) return;
  const other = causes.find((cause) => !(cause instanceof InputError));
  if (other !== undefined) throw other;
  throw new InputError(eachOnce(causes.flatMap((cause) => (cause instanceof InputError ? cause.diagnostics : []))));
}

/** A fault that speaks of the user's files, or an error thrown by code of the playbook. */
function isOfTheUser(cause: unknown): boolean {
  return cause instanceof InputError || (cause instanceof Error && positionIn(cause.stack ?? '') !== undefined);
}

function eachOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const keys = diagnostics.map(({message, at}) => JSON.stringify([message, at]));
  return diagnostics.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}
