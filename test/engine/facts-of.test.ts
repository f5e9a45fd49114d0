import test from 'ava';
import {type Host, type Items, play, type RoleContext} from '../../src/model/index.js';
import {planOver, reads, thing} from './scene.js';

/** Plans h1 alone, whose tasks depend on facts of h2. */
const planning = (items: (context: RoleContext) => Items, h2 = {}) =>
  planOver({
    plays: [play('play', {hosts: 'h1'}, [items])],
    limit: ['h1'],
    answers: {
      h1: [reads('debian', 'new'), reads('unknown', 'new')],
      h2: [{to: '/etc/os-release', stdout: 'ID=debian\n', ...h2}],
    },
  });

const other = ({inventory}: RoleContext): Host => {
  const [, found] = inventory.hosts;
  if (!found) throw new Error('there are two hosts');
  return found;
};

test('facts of another host are fetched when a role wants them, and nothing else of it is read', async (t) => {
  const {planned, transport} = await planning((context) => [thing({name: context.factsOf(other(context)).os})]);
  t.deepEqual(
    planned.flatMap(({plan}) => plan.tasks.map(({id}) => id)),
    ['debian'],
  );
  const scripts = transport.asked.flatMap((each) => (each.type === 'run' && each.host === 'h2' ? each.sent : []));
  t.deepEqual(scripts, [1]);
});

test('a role that makes something of facts which are missing is asked again when they are there', async (t) => {
  const guess = (context: RoleContext): Items => {
    try {
      return [thing({name: context.factsOf(other(context)).os})];
    } catch {
      return [thing({name: 'unknown'})];
    }
  };
  const {planned} = await planning(guess);
  t.deepEqual(
    planned.flatMap(({plan}) => plan.tasks.map(({id}) => id)),
    ['debian'],
  );
});

test('another host that cannot be asked fails the one that needs it, by name', async (t) => {
  const instead = {reason: 'connection-lost', message: 'the connection was lost', hint: 'Run it again.'} as const;
  const {failures} = await planning((context) => [thing({name: context.factsOf(other(context)).os})], {instead});
  t.deepEqual(failures.get('h1'), {
    reason: 'other-host-failed',
    message: 'it needs the facts of h2: the connection was lost',
    hint: 'Run it again.',
  });
});

test('a mistake of a role is one, whatever it asked before', async (t) => {
  const planned = planning((context) => {
    context.factsOf(other(context));
    throw new TypeError('my own mistake');
  });
  await t.throwsAsync(planned, {message: 'my own mistake'});
});
