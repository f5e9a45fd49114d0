import type {Failure} from '../failure.js';
import type {Diff} from './diff.js';
import type {SkippedTask} from './plan.js';
import type {Action} from './state.js';

/** What happens in a run, as it happens. `seconds`: how long the step took. */
export type RunEvent =
  | {readonly type: 'host-connecting'; readonly host: string}
  | {readonly type: 'host-connected'; readonly host: string; readonly seconds: number}
  | {
      readonly type: 'host-planned';
      readonly host: string;
      readonly changes: number;
      readonly seconds: number;
      /** Tasks that are as desired already. */
      readonly unchanged?: number;
      /** Tasks that were not probed; `task` is their name. */
      readonly skipped?: readonly {
        readonly play: string;
        readonly task: string;
        readonly because: SkippedTask['because'];
      }[];
    }
  | {readonly type: 'play-started'; readonly host: string; readonly play: string}
  /** `commands`: what it runs, secrets masked. */
  | {
      readonly type: 'task-started';
      readonly host: string;
      readonly play: string;
      readonly task: string;
      readonly commands?: readonly string[];
    }
  /** A line that the running task or handler printed; `task` names a handler as `handler reload nginx`. */
  | {
      readonly type: 'output';
      readonly host: string;
      readonly play: string;
      readonly task: string;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | {
      readonly type: 'task-changed';
      readonly host: string;
      readonly play: string;
      readonly task: string;
      readonly action: Action;
      /** What it changed. */
      readonly diff?: readonly Diff[];
      readonly seconds: number;
      /** Where the old version is kept on the host. */
      readonly backup?: string;
    }
  /** Planned as known after apply, and then nothing was left to do. */
  | {readonly type: 'task-unchanged'; readonly host: string; readonly play: string; readonly task: string}
  /** An attempt failed and another will be made, `attempt` of `attempts`. */
  | {
      readonly type: 'task-retried';
      readonly host: string;
      readonly play: string;
      readonly task: string;
      readonly attempt: number;
      readonly attempts: number;
      readonly seconds: number;
    }
  /** It failed, and the playbook says that the host continues. */
  | {
      readonly type: 'task-ignored';
      readonly host: string;
      readonly play: string;
      readonly task: string;
      readonly failure: Failure;
      readonly seconds: number;
    }
  /** The user was asked and said no. */
  | {readonly type: 'task-declined'; readonly host: string; readonly play: string; readonly task: string}
  | {
      readonly type: 'handler-started';
      readonly host: string;
      readonly play: string;
      readonly handler: string;
      readonly commands?: readonly string[];
    }
  | {
      readonly type: 'handler-ran';
      readonly host: string;
      readonly play: string;
      readonly handler: string;
      readonly seconds: number;
    }
  | {readonly type: 'play-finished'; readonly host: string; readonly play: string}
  | {readonly type: 'host-verified'; readonly host: string; readonly seconds: number}
  /** A handler failed, and files that notify it are again as they were before the run. */
  | {
      readonly type: 'files-restored';
      readonly host: string;
      readonly play: string;
      readonly handler: string;
      readonly paths: readonly string[];
    }
  /** Nothing is begun yet: another run has a host. */
  | {readonly type: 'host-waiting'; readonly host: string; readonly because: string}
  /** The user stopped the run; what was not begun on the host is left, and handlers that are due stay so. */
  | {readonly type: 'host-interrupted'; readonly host: string}
  | {readonly type: 'host-failed'; readonly host: string; readonly failure: Failure}
  | {readonly type: 'host-finished'; readonly host: string; readonly changed: number};

/** Takes events as they happen. Renderers and run records are listeners. */
export type Listener = (event: RunEvent) => void;
