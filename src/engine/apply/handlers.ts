import {type Handler, HostError, type Restorable, type Task} from '../../model/index.js';
import type {Progress} from '../host-run.js';
import {runHandler} from '../lock/pending-handlers.js';
import {putBack, type ScriptStep} from './step-command.js';

/** Handlers that are due at the end of a play, and the changed files that notified them. */
export class DueHandlers {
  readonly #handlers: Map<string, Handler>;
  readonly #files: {readonly file: Restorable; readonly notify: readonly Handler[]}[] = [];

  constructor(due: readonly Handler[] = []) {
    this.#handlers = new Map(due.map((handler) => [handler.id, handler]));
  }

  /** Each once. */
  get due(): readonly Handler[] {
    return [...this.#handlers.values()];
  }

  /** Adds the handlers of a task that has changed something. */
  notifiedBy({notify, restores, delegateTo}: Task): void {
    for (const handler of notify) this.#handlers.set(handler.id, handler);
    if (restores && delegateTo === undefined) this.#files.push({file: restores, notify});
  }

  /** The handler has run for all tasks that have notified it so far. */
  ranOnce({id}: Handler): void {
    this.#handlers.delete(id);
  }

  /**
   * Runs a script. When a handler of it fails, the files that notified it are put back to what they were when the play
   * began and it is run again, so that the service works as before. Rejects with `HostError` in either case.
   */
  async guard<T>(progress: Progress, play: string, steps: readonly ScriptStep[], run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof HostError) || error.failure.reason !== 'handler-failed') throw error;
      for (const step of steps) if (step.type === 'change') this.notifiedBy(step.entry.open.task);
      const failed = this.due.find(({id}) => error.failure.task === `handler ${id}`);
      throw failed ? await this.#recover(progress, play, failed, error) : error;
    }
  }

  async #recover(progress: Progress, play: string, failed: Handler, error: HostError): Promise<HostError> {
    const concerned = this.#files.filter(({notify}) => notify.some(({id}) => id === failed.id));
    if (concerned.length === 0) return error;
    const files = concerned.map(({file}) => file);
    const handlers = new Map(concerned.flatMap(({notify}) => notify.map((handler) => [handler.id, handler])));
    const again = [...handlers.values()].map((handler) => runHandler(handler, handler.recover));
    const steps = [putBack(files, play), ...again].map((command) => ({command, required: true}));
    const replies = await progress.run.connection.run(steps, {within: RECOVERY_TIMEOUT});
    if (replies[0]?.code !== 0) return error;
    const paths = [...new Set(files.map(({path}) => path))];
    const {host} = progress.run;
    progress.listener({type: 'files-restored', host: host.name, play, handler: failed.id, paths});
    return restored(error, paths, replies.at(-1)?.code === 0);
  }
}

/** Seconds for putting files back and running their handlers again. */
const RECOVERY_TIMEOUT = 600;

function restored({failure}: HostError, paths: readonly string[], works: boolean): HostError {
  const back = `the old configuration was put back (${paths.join(', ')})`;
  if (works) {
    const hint = 'The service runs as before. Fix the new configuration and apply again.';
    return new HostError({...failure, message: `${failure.message}; ${back}, and the handler succeeds with it`, hint});
  }
  const hint = 'The cause is not the new configuration. Check the service on the host; the handler stays due.';
  return new HostError({
    ...failure,
    message: `${failure.message}; ${back}, but the handler fails with it as well`,
    hint,
  });
}
