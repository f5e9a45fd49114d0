import test from 'ava';
import {InputError, type RoleContext, type Task, taskName} from '../../src/model/index.js';
import {apt, packages, reload, type TaskOfHost} from '../../src/tasks/index.js';

const hosts = (['debian', 'ubuntu'] as const).map(
  (os): Pick<RoleContext, 'facts'> => ({
    facts: {
      ...{hostname: 'host', os, codename: '', version: '', architecture: 'amd64', cpus: 1, memory: 1},
      ...{addresses: [], interfaces: [], client: ''},
    },
  }),
);

/** All that a plan shows and a run does, as text. */
function contentOf({open, hint, at, ...rest}: Task): string {
  const {probe, spec} = open({templateDirectories: []});
  return JSON.stringify([rest, probe.reveal(), spec]);
}

test('where apt is the package manager, it is the task apt, with all options', (t) => {
  const options = {state: 'latest', notify: reload('nginx'), tags: 'web', label: 'server'} as const;
  const expected = apt({packages: ['nginx', 'socat'], ...options});
  for (const host of hosts) {
    const task = packages(['nginx', 'socat'], options)(host);
    t.is(taskName(task), 'apt nginx socat');
    t.is(contentOf(task), contentOf(expected));
    t.is(contentOf(packages('nginx')(host)), contentOf(apt('nginx')));
  }
});

test('its line of the playbook is the one that names the packages', (t) => {
  const made = packages('nginx');
  const line = Number(/packages\.test\.\w+:(\d+)/.exec(new Error().stack ?? '')?.[1]) - 1;
  for (const host of hosts) t.is(made(host).at?.line, line);
});

test('wrong names and options are refused where they are written, before any host is known', (t) => {
  // As in a playbook that is JavaScript.
  const loose: (...given: readonly unknown[]) => unknown = (...given) => Reflect.apply(packages, undefined, given);
  const messageOf = (...given: readonly unknown[]) => t.throws(() => loose(...given), {instanceOf: InputError}).message;
  t.regex(messageOf({packages: 'nginx'}), /^packages: the option "names" must be text or a list, not an object$/);
  t.regex(messageOf('nginx', {ensure: 'latest'}), /^packages, second argument: there is no option "ensure"$/);
  t.regex(messageOf('nginx', {state: 'newest'}), /"state" must be "present", "absent" or "latest"/);
  t.regex(messageOf('nginx', {recommends: false}), /there is no option "recommends"/);
});

test('a list of names can be mapped to a task for each', (t) => {
  const [host] = hosts;
  const names =
    host && ['nano', 'vim'].map(packages as (name: string) => TaskOfHost).map((each) => taskName(each(host)));
  t.deepEqual(names, ['apt nano', 'apt vim']);
});
