/** Why a lab command could not do its work. */
export type LabErrorReason =
  | 'unsupported-machine'
  | 'missing-packages'
  | 'bad-host'
  | 'unknown-host'
  | 'unknown-state'
  | 'bad-state'
  | 'busy'
  | 'other-project'
  | 'address-taken'
  | 'command-failed'
  | 'boot-failed';

/** An expected failure of the lab: `message` says what failed, `hint` one next step. */
export class LabError extends Error {
  readonly reason: LabErrorReason;
  readonly hint: string;

  constructor(reason: LabErrorReason, message: string, hint: string) {
    super(message);
    this.name = 'LabError';
    this.reason = reason;
    this.hint = hint;
  }
}
