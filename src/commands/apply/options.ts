import type {PlaybookOptions} from '../../session/playbook-options.js';

/** What `apply` takes beside what it has in common with `plan`. */
export interface ApplyOptions extends PlaybookOptions {
  /** Ask before each change. */
  readonly step?: boolean;
  readonly yes?: boolean;
  /** `json`: events on standard output, one a line, in place of text. */
  readonly format?: 'text' | 'json';
  /** Seconds. */
  readonly lockTimeout?: number;
  readonly backup?: boolean;
  /** A run to go on with; true for the last one. */
  readonly resume?: string | true;
  /** The name of the run that this one goes on with. */
  readonly resumes?: string;
  /** Handlers that are due and that nothing notifies any more. */
  readonly forget?: readonly string[];
}
