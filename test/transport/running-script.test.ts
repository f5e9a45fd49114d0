import test from 'ava';
import {overdue} from '../../src/transport/running-script.js';

/** The failure of a script that began and was last heard of this number of seconds ago. */
const after = (limits: Parameters<typeof overdue>[0], began: number, heard: number) =>
  overdue(limits, performance.now() - began * 1000, performance.now() - heard * 1000)?.message;

const LIMITS: readonly (readonly [Parameters<typeof overdue>[0], number, number, string | undefined])[] = [
  [{}, 1e6, 1e6, undefined],
  [{silence: 60}, 1e6, 59, undefined],
  [{silence: 60}, 1e6, 60, 'no answer within 60 seconds'],
  [{within: 90}, 89, 89, undefined],
  [{within: 90}, 90, 0, 'no whole answer within 90 seconds'],
  [{silence: 60, within: 90}, 100, 61, 'no answer within 60 seconds'],
  [{silence: 60, within: 90}, 100, 1, 'no whole answer within 90 seconds'],
];

for (const [limits, began, heard, failure] of LIMITS) {
  test(`with ${JSON.stringify(limits)}, ${began} seconds after its beginning and ${heard} of silence, a script ${failure === undefined ? 'continues' : 'is given up'}`, (t) =>
    t.is(after(limits, began, heard), failure));
}
