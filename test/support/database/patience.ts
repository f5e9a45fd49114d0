import {availableParallelism, loadavg} from 'node:os';

/** Programs that want to run, for each processor, on the average of the last minute. */
const load = () => (loadavg()[0] ?? 0) / availableParallelism();

/** How much longer than on an idle machine something may take, from 1 to 5: other tests and builds run next to it. */
export const patience = () => Math.min(5, Math.max(1, load() / 2));

/** Whether the machine is so busy that a pause says nothing about infra. */
export const isOverloaded = () => load() > 5;
