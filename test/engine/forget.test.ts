import test from 'ava';
import {forgetLeftOver} from '../../src/engine/index.js';
import {HostError} from '../../src/model/index.js';
import {handler, pending, planOver, type RecordedAnswers, reads, thing} from './scene.js';

const DROP = {to: 'rm -f -- /var/lib/infra/pending/'};

const hosts = (h1: RecordedAnswers, h2: RecordedAnswers = []) =>
  planOver({
    items: [thing({name: 'a', notify: handler('known')})],
    answers: {h1: [...h1, reads('a', 'new')], h2: [...h2, reads('a', 'new')]},
  });

test('notes that nobody needs any more are dropped where they are, and no others', async (t) => {
  const {planned, transport} = await hosts([pending('gone', 'known', 'kept'), DROP]);
  const before = transport.asked.length;
  t.deepEqual(await forgetLeftOver(planned, ['gone', 'known', 'nowhere']), [{host: 'h1', dropped: ['gone']}]);
  const sent = transport.asked
    .slice(before)
    .flatMap((each) => (each.type === 'run' ? [[each.host, ...each.steps]] : []));
  t.deepEqual(sent, [['h1', 'rm -f -- /var/lib/infra/pending/gone']]);
});

test('each host drops its own', async (t) => {
  const {planned} = await hosts([pending('x'), DROP], [pending('x', 'y'), DROP]);
  t.deepEqual(await forgetLeftOver(planned, ['x', 'y']), [
    {host: 'h1', dropped: ['x']},
    {host: 'h2', dropped: ['x', 'y']},
  ]);
});

test('a host that is lost meanwhile is a failure', async (t) => {
  const {planned} = await hosts([pending('gone'), {...DROP, instead: {reason: 'connection-lost', message: 'lost'}}]);
  const {failure} = await t.throwsAsync(forgetLeftOver(planned, ['gone']), {instanceOf: HostError});
  t.is(failure.reason, 'connection-lost');
});
