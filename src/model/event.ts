import type {Action} from './diff.js';
import type {Failure} from './failure.js';

/** What happens in a run, as it happens. `seconds`: how long the step took. */
export type RunEvent =
  | {readonly type: 'host-connecting'; readonly host: string}
  | {readonly type: 'host-connected'; readonly host: string; readonly seconds: number}
  | {readonly type: 'host-planned'; readonly host: string; readonly changes: number; readonly seconds: number}
  | {readonly type: 'play-started'; readonly host: string; readonly play: string}
  | {readonly type: 'task-started'; readonly host: string; readonly play: string; readonly task: string}
  | {
      readonly type: 'task-changed';
      readonly host: string;
      readonly play: string;
      readonly task: string;
      readonly action: Action;
      readonly seconds: number;
    }
  /** Planned as known after apply, and then nothing was left to do. */
  | {readonly type: 'task-unchanged'; readonly host: string; readonly play: string; readonly task: string}
  | {readonly type: 'handler-started'; readonly host: string; readonly play: string; readonly handler: string}
  | {
      readonly type: 'handler-ran';
      readonly host: string;
      readonly play: string;
      readonly handler: string;
      readonly seconds: number;
    }
  | {readonly type: 'play-finished'; readonly host: string; readonly play: string}
  | {readonly type: 'host-verified'; readonly host: string; readonly seconds: number}
  | {readonly type: 'host-failed'; readonly host: string; readonly failure: Failure}
  | {readonly type: 'host-finished'; readonly host: string; readonly changed: number};

/** Takes events as they happen. Renderers and run records are such. */
export type Listener = (event: RunEvent) => void;
