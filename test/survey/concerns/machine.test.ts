import test from 'ava';
import {concernsOf} from '../../../src/survey/index.js';
import {skewOf} from '../../../src/survey/survey.js';
import {surveyed} from './surveyed.js';

/** The concerns when the clocks of web1, web2 … are ahead of this machine's by these numbers of seconds. */
function concerns(...skews: readonly number[]): readonly string[] {
  const servers = skews.map((clockSkew, at) => ({
    server: {name: `web${at + 1}`, address: `192.0.2.${at + 1}`, roles: ['web'] as const},
    found: {clockSkew},
  }));
  const {choices, surveys} = surveyed(servers);
  return concernsOf(choices, surveys).map(({message}) => message);
}

test('the way to the server and back does not count', (t) => {
  t.is(skewOf(10_000, 14_000, 12), 0);
  t.is(skewOf(10_000, 10_200, 40.1), 30);
  t.is(skewOf(10_000, 10_200, 9.1), -1);
});

test('clocks that are half a minute apart or less are not a concern', (t) => {
  t.deepEqual(concerns(30, -30, 0.4), []);
});

test('a server that is alone with its time is wrong', (t) => {
  t.deepEqual(concerns(0.1, -0.2, 90), ["the clock of web3 is 90 seconds ahead of this machine's"]);
  t.deepEqual(concerns(-7200), ["the clock of web1 is 2 hours behind this machine's"]);
});

test('this machine is wrong when the servers agree on another time', (t) => {
  t.deepEqual(concerns(-300, -301, -299), ['the clock of this machine is 5 minutes ahead of those of the servers']);
});

test('a server that agrees with neither is reported besides this machine', (t) => {
  t.deepEqual(concerns(259_200, 259_201, 259_199, 600), [
    'the clock of web4 is 3 days behind those of the other servers',
    'the clock of this machine is 3 days behind those of the servers',
  ]);
});
