import test from 'ava';
import {eventsBetween, parseScenario} from './scenario.js';

const events = (text: string, last?: number) => {
  const [before = [], after = []] = parseScenario(text);
  return eventsBetween(before, after, last).map(({does, server}) => `${does} ${server + 1}`);
};

test('from one row of letters to the next lead the fewest events', (t) => {
  t.deepEqual(events('MSS → SMS'), ['switchover 2']);
  t.deepEqual(events('MSS XMS'), ['die 1', 'failover 2']);
  t.deepEqual(events('XMS SMS'), ['return 1', 'rejoin 1']);
  t.deepEqual(events('XMS MSS'), ['return 1', 'rejoin 1', 'switchover 1']);
  t.deepEqual(events('MSS MXS'), ['die 2']);
  t.deepEqual(events('MSS XSS'), ['die 1']);
  t.deepEqual(events('XSS XMS', 0), ['failover 2']);
  t.deepEqual(events('XSS MSS', 0), ['return 1']);
  t.deepEqual(events('XXS XSM', 0), ['return 2', 'failover 3', 'rejoin 2']);
  t.deepEqual(events('XXX MSS', 0), ['return 1', 'return 2', 'return 3', 'rejoin 2', 'rejoin 3']);
  t.deepEqual(events('XMS SXM'), ['die 2', 'return 1', 'failover 3', 'rejoin 1']);
  t.deepEqual(events('MSS MSS'), []);
  t.throws(() => parseScenario('MMS'));
  t.throws(() => parseScenario('MS'));
});
