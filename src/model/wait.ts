import {setTimeout as sleep} from 'node:timers/promises';

/** Node's timers fire at once when they are set for longer: 24.8 days, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Waits so many seconds, however many. Rejects when the signal says so. */
export async function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  for (let left = seconds * 1000; left >= 0; left -= LONGEST) {
    await sleep(Math.min(left, LONGEST), undefined, {signal});
    if (left <= LONGEST) return;
  }
}
