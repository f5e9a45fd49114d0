import type {Project} from '../../local/project.js';
import type {Console} from '../../session/console.js';
import type {Prompter} from '../../wizard/index.js';

/** What a run of `infra init` has besides its answers. */
export interface InitRun {
  readonly project: Project;
  readonly out: Console;
  /** Undefined: nobody is asked. */
  readonly prompter: Prompter | undefined;
  /** A file of this run's own, with the host keys that are trusted. */
  readonly trusted: string;
  readonly connect: boolean;
  /** The directory has a project of infra's. */
  readonly existing: boolean;
}
