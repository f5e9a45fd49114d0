import test from 'ava';
import {eventsBetween, parseScenario} from './scenario.js';

const events = (text: string) => {
  const [before = [], after = []] = parseScenario(text);
  return eventsBetween(before, after).map(({does, server}) => `${does} ${server + 1}`);
};

test('from one row of letters to the next lead the fewest events', (t) => {
  t.deepEqual(events('MSS → SMS'), ['switchover 2']);
  t.deepEqual(events('MSS XMS'), ['die 1', 'failover 2']);
  t.deepEqual(events('XMS SMS'), ['return 1', 'rejoin 1']);
  t.deepEqual(events('XMS MSS'), ['return 1', 'rejoin 1', 'switchover 1']);
  t.deepEqual(events('MSS MXS'), ['die 2']);
  t.deepEqual(events('MSS XSS'), ['die 1']);
  t.deepEqual(events('XSS XMS'), ['failover 2']);
  t.deepEqual(events('XXX MSS'), ['return 1', 'return 2', 'return 3']);
  t.deepEqual(events('XMS SXM'), ['die 2', 'failover 3', 'return 1', 'rejoin 1']);
  t.deepEqual(events('MSS MSS'), []);
  t.throws(() => parseScenario('MMS'));
  t.throws(() => parseScenario('MS'));
});
