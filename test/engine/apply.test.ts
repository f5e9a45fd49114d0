import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {defineTask, type Handler} from '../../src/model/index.js';
import {raw, sh} from '../../src/shell/index.js';
import {command, file, line} from '../../src/tasks/index.js';
import {applyHere, directory, machine, rootTest} from './here.js';

const writing = (path: string): Handler => ({id: 'note', command: raw(`echo x >>${path}`)});

rootTest('a play is one script, with its handlers, and another one sees that nothing is left', async (t) => {
  const at = directory(t);
  const notify = writing(`${at}/handled`);
  const files = Array.from({length: 30}, (_, index) => file({path: `${at}/${index}`, content: `${index}\n`, notify}));
  const {scripts, failures, of} = await applyHere(t, [
    ...files,
    command({command: `touch ${at}/c`, creates: `${at}/c`}),
  ]);
  t.is(failures.get('h1'), undefined);
  t.is(of('task-changed').length, 31);
  // A check and a change for each task, a handler; then the probes and what earlier runs have left.
  t.deepEqual(scripts, [[63, 32]]);
  t.is(readFileSync(`${at}/handled`, 'utf8'), 'x\n');
});

rootTest('many commands that are due are asked in proportion to their number', async (t) => {
  const at = directory(t);
  const all = Array.from({length: 100}, (_, index) =>
    command({command: `touch ${at}/${index}`, creates: `${at}/${index}`}),
  );
  const {scripts, failures} = await applyHere(t, all);
  t.is(failures.get('h1'), undefined);
  t.deepEqual(scripts, [[200, 101]]);
});

rootTest('what somebody changes while the plan is read is left alone, and shown', async (t) => {
  const at = directory(t);
  writeFileSync(`${at}/a`, 'old\n');
  writeFileSync(`${at}/b`, 'old\n');
  const {failures, of} = await applyHere(
    t,
    [file({path: `${at}/a`, content: 'new\n'}), file({path: `${at}/b`, content: 'new\n'}), command({command: 'true'})],
    {inBetween: () => writeFileSync(`${at}/b`, 'fixed by hand\n')},
  );
  const failure = failures.get('h1');
  t.is(failure?.reason, 'drifted');
  t.is(failure?.task, `file ${at}/b`);
  t.deepEqual(
    failure?.drift?.map(({changes}) => changes?.map(({name}) => name)),
    [['content']],
  );
  t.is(readFileSync(`${at}/b`, 'utf8'), 'fixed by hand\n');
  t.is(readFileSync(`${at}/a`, 'utf8'), 'new\n');
  t.is(of('task-changed').length, 1);
});

rootTest('what somebody brings about while the plan is read is not done again', async (t) => {
  const at = directory(t);
  const {failures, of} = await applyHere(t, [file({path: `${at}/a`, content: 'new\n'})], {
    inBetween: () => writeFileSync(`${at}/a`, 'new\n', {mode: 0o644}),
  });
  t.is(failures.get('h1'), undefined);
  t.is(of('task-unchanged').length, 1);
  t.is(of('task-changed').length, 0);
});

rootTest('what changes because of an earlier task is judged again, and done', async (t) => {
  const at = directory(t);
  writeFileSync(`${at}/a`, 'one\n');
  const {failures, of} = await applyHere(t, [
    command({command: `echo two >>${at}/a`, unless: `grep -q two ${at}/a`}),
    line({path: `${at}/a`, line: 'three'}),
    line({path: `${at}/a`, line: 'four'}),
    command({command: `touch ${at}/x`, onlyIf: `grep -q four ${at}/a && ! [ -e ${at}/x ]`}),
  ]);
  t.is(failures.get('h1')?.reason, 'exceeds-plan');
  t.is(readFileSync(`${at}/a`, 'utf8'), 'one\ntwo\nthree\nfour\n');
  t.is(of('task-changed').length, 3);
});

rootTest('an answer that is another one each time, of a state that stays, keeps no handler from running', async (t) => {
  const at = directory(t);
  const restless = defineTask<{name: string}, {there: boolean}>({
    type: 'restless',
    id: ({name}) => name,
    probe: () => sh`cat /proc/sys/kernel/random/uuid`,
    parse: () => ({there: true}),
    desire: () => ({there: true}),
    change: () => [],
  });
  const notify = writing(`${at}/handled`);
  const all = [command({command: 'true', notify}), restless({name: 'one'}), restless({name: 'two'})];
  const {failures, of} = await applyHere(t, all);
  t.is(failures.get('h1'), undefined);
  t.is(of('handler-ran').length, 1);
  t.is(readFileSync(`${at}/handled`, 'utf8'), 'x\n');
});

rootTest('asked before each change, a play runs its handlers too, and leaves out what is declined', async (t) => {
  const at = directory(t);
  const notify = writing(`${at}/handled`);
  const names = ['a', 'b', 'c'];
  const confirm = async ({task}: {task: string}) => !task.endsWith('/b');
  const {failures} = await applyHere(
    t,
    names.map((name) => file({path: `${at}/${name}`, content: name, notify})),
    {confirm},
  );
  t.is(failures.get('h1'), undefined);
  t.deepEqual(
    names.map((name) => existsSync(`${at}/${name}`)),
    [true, false, true],
  );
  t.is(readFileSync(`${at}/handled`, 'utf8'), 'x\n');
});

for (const text of ['echo "', 'exit 0', 'echo x # comment', 'true &', 'cat <<END\nx\nEND', 'exit 3']) {
  rootTest(
    `whatever the text of a handler is, it is done with or fails by itself: ${JSON.stringify(text)}`,
    async (t) => {
      const at = directory(t);
      const machines = new Map([['h1', await machine()]]);
      const items = [file({path: `${at}/a`, content: 'x', notify: {id: 'odd', command: raw(text)}})];
      const {failures, of} = await applyHere(t, items, {machines});
      const fails = text === 'echo "' || text === 'exit 3';
      t.is(failures.get('h1')?.reason, fails ? 'handler-failed' : undefined);
      t.is(of('host-interrupted').length, 0);
      // The lock ends with the connection of a run; here the connection goes on.
      await machines.get('h1')?.connection.keep(raw('command exec 9>&-'));
      const again = await applyHere(t, items, {machines});
      t.is(again.of('handler-started').length, fails ? 1 : 0, 'it is due again only where it has failed');
      t.is(again.failures.get('h1')?.reason, fails ? 'handler-failed' : undefined);
    },
  );
}

rootTest('a change that is not a whole command fails by itself, with what the shell says', async (t) => {
  const at = directory(t);
  for (const text of ['echo "', 'if true', 'exit 5', "kill -9 $(sh -c 'echo $PPID')"]) {
    const {failures, of} = await applyHere(t, [
      file({path: `${at}/a`, content: text}),
      command({command: raw(text), name: 'odd', creates: `${at}/never`}),
      file({path: `${at}/b`, content: text}),
    ]);
    const failure = failures.get('h1');
    t.true(['probe-failed', 'command-failed'].includes(failure?.reason ?? ''), `${text}: ${failure?.message}`);
    t.is(failure?.task, 'command odd');
    t.is(of('host-interrupted').length, 0);
    t.false(existsSync(`${at}/b`));
  }
});

rootTest('a stop lets the running task end, and says that somebody interrupted', async (t) => {
  const at = directory(t);
  const stopping = new AbortController();
  const {of, failures} = await applyHere(
    t,
    [command({command: `sleep 0.5; echo x >${at}/one`}), command({command: `echo x >${at}/two`})],
    {stop: stopping.signal, onEvent: ({type}) => type === 'task-started' && stopping.abort()},
  );
  t.is(of('host-interrupted').length, 1);
  t.is(failures.get('h1'), undefined);
  t.true(existsSync(`${at}/one`));
  t.false(existsSync(`${at}/two`));
});

rootTest('one server under two names is reported, and is changed under one of them', async (t) => {
  const at = directory(t);
  const [first, second] = [await machine(), await machine()];
  // Two connections to one disk: the second sees the lock of the first.
  const shared = directory(t);
  for (const each of [first, second])
    await each.connection.run([{command: raw(`mount --bind ${shared} /var/lib`), required: true}]);
  const {failures} = await applyHere(t, ({name}) => [file({path: `${at}/${name}`, content: 'x'})], {
    names: ['web1', 'web2'],
    machines: new Map([
      ['web1', first],
      ['web2', second],
    ]),
  });
  const messages = [...failures.values()].flatMap((failure) => failure?.message ?? []);
  t.is(messages.length, 1);
  t.regex(messages[0] ?? '', /it is the same server as web[12]/);
});

rootTest("what one host's answers or code make fail is that host's alone", async (t) => {
  const at = directory(t);
  const bad = command({
    command: `sleep 0.2; echo x >${at}/h1`,
    until: () => {
      throw new TypeError('my own mistake');
    },
    retries: 0,
  });
  const {failures} = await applyHere(
    t,
    ({name}) => [name === 'h1' ? bad : command({command: `sleep 0.5; touch ${at}/h2`})],
    {
      names: ['h1', 'h2'],
    },
  );
  t.regex(failures.get('h1')?.message ?? '', /my own mistake/);
  t.is(failures.get('h2'), undefined);
  t.true(existsSync(`${at}/h2`));
});

rootTest('drift is told of an attribute that is gone, and of one that has come', async (t) => {
  const at = directory(t);
  writeFileSync(`${at}/state`, 'old one');
  const thing = defineTask<{name: string}, {text: string; extra: string}>({
    type: 'thing',
    id: ({name}) => name,
    probe: () => raw(`cat ${at}/state`),
    parse: ({stdout}) => {
      const [text = '', extra] = stdout.trim().split(' ');
      return {text, ...(extra !== undefined && {extra})};
    },
    desire: () => ({text: 'new', extra: 'two'}),
    change: () => [raw('false')],
    affects: ({name}) => [name],
  });
  const names = async (inBetween: string) => {
    const {failures} = await applyHere(t, [thing({name: 'x'})], {
      inBetween: () => writeFileSync(`${at}/state`, inBetween),
    });
    const failure = failures.get('h1');
    t.is(failure?.reason, 'drifted');
    const changes = failure?.drift?.flatMap((drift) => drift.changes ?? []) ?? [];
    return changes.map(
      (each) => each.kind === 'value' && [each.name, each.before ?? undefined, each.after ?? undefined],
    );
  };
  t.deepEqual(await names('old'), [['extra', 'one', undefined]]);
  t.deepEqual(await names('old three'), [['extra', undefined, 'three']]);
});
