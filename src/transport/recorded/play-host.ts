import {HostError} from '../../model/index.js';
import type {RecordedAnswer, RecordedHost} from './recording.js';

/** A host of a recording while it is played: what of its answers is left, whatever connection asks. */
export interface PlayedHost {
  /** Throws `HostError` when this attempt to connect fails. Returns its number, from 1. */
  connect(): number;
  /** The answer to a command, one use of it taken. Throws when the recording has none. */
  answer(command: string): RecordedAnswer;
}

export function playHost(name: string, {connects = [], answers}: RecordedHost): PlayedHost {
  const uses = new Map<RecordedAnswer, number>();
  const isLeft = (answer: RecordedAnswer) => (uses.get(answer) ?? 0) < (answer.times ?? Number.POSITIVE_INFINITY);
  let attempts = 0;
  return {
    connect: () => {
      const failure = connects[Math.min(attempts, connects.length - 1)];
      attempts += 1;
      if (failure) throw new HostError(failure);
      return attempts;
    },
    answer: (command) => {
      const found = answers.find((answer) => isLeft(answer) && command.includes(answer.to ?? ''));
      if (!found) throw new Error(`the recording of ${name} has no answer to: ${command}`);
      uses.set(found, (uses.get(found) ?? 0) + 1);
      return found;
    },
  };
}
