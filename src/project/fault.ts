/** Why no project can be written from choices. */
export interface Fault {
  /** Name of the server that it is about. */
  readonly server?: string | undefined;
  /** A sentence without its full stop. */
  readonly message: string;
  /** One next step. */
  readonly hint: string;
}
