import type {Command} from '../../shell/index.js';
import {type Check, command, custom, isObject, object, optional, text} from './checks.js';

/** A command that runs once at the end of a play when any task that notifies it has changed something. */
export interface Handler {
  /** Unique among the handlers of a host, for instance `reload haproxy`. */
  readonly id: string;
  /** What it runs. */
  readonly command: Command;
  /**
   * In its place after it failed and the files that notify it are as they were: it may have left a service stopped.
   * Default: `command`.
   */
  readonly recover?: Command | undefined;
}

/** What `notify` names. */
export const handler: Check<Handler> = {
  must: 'a handler',
  issues: (value) => (isObject(value) && 'command' in value ? members : nothing).issues(value),
};

const nothing = custom<never>('a handler', "Write it as reload('nginx') or restart('nginx').", () => false);

const members = object<Handler>('a handler', undefined, {id: text, command, recover: optional(command)});
