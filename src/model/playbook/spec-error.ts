/** A task or a play was asked for something it cannot do; the stack names the line of the playbook. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}
