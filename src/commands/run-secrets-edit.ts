import type {Project} from '../local/project.js';
import {InputError} from '../model/index.js';
import {type Changes, checkLength, checkName, openStore, PASSWORDS, type Store} from '../secrets/index.js';
import {type Console, openConsole, reportingFaults} from './console.js';
import {editPrivately} from './edit-privately.js';
import {parseClear, renderClear} from './secrets-text.js';

/** Lets the operator edit all passwords as one text, and keeps those that differ. Returns the exit code. */
export function editSecrets(project: Project): Promise<number> {
  const {stdin, env} = project;
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    if (!stdin.isTTY && !env.EDITOR && !env.VISUAL) throw new InputError([NO_TERMINAL]);
    const store = openStore(project, out.notice);
    const before = store.sealed(PASSWORDS);
    const opening = [...before].map(async ([name, value]) => [name, await store.open(name, value)] as const);
    const old = new Map(await Promise.all(opening));
    const edited = await editPrivately(project, renderClear(old), 'passwords.yaml', parse, out);
    if (edited === undefined) return 1;
    await keep(store, differences(old, edited), before, out);
    return 0;
  });
}

const NO_TERMINAL = {
  message: 'there is no terminal to edit on',
  hint: 'give single secrets on standard input: infra secrets set NAME',
};

function parse(text: string, file: string): ReadonlyMap<string, string> {
  const values = parseClear(text, file);
  for (const [name, {clear, at}] of values) {
    checkName(name, at);
    checkLength(name, clear, 'this line', at);
  }
  return new Map([...values].map(([name, {clear}]) => [name, clear]));
}

function differences(old: ReadonlyMap<string, string>, edited: ReadonlyMap<string, string>): Changes {
  const changed = [...edited].filter(([name, clear]) => old.get(name) !== clear);
  const gone = [...old.keys()].filter((name) => !edited.has(name));
  return new Map<string, string | undefined>([...changed, ...gone.map((name) => [name, undefined] as const)]);
}

async function keep(store: Store, changes: Changes, before: ReturnType<Store['sealed']>, out: Console) {
  if (changes.size === 0) {
    out.notice('Nothing was changed.');
    return;
  }
  await store.edit(PASSWORDS, async () => {
    const now = store.sealed(PASSWORDS);
    const moved = [...changes.keys()].filter((name) => now.get(name)?.armored !== before.get(name)?.armored);
    if (moved.length === 0) return changes;
    const message = `another infra has changed ${moved.join(', ')} meanwhile; nothing of yours was kept`;
    throw new InputError([{message, hint: 'Edit once more: infra secrets edit'}]);
  });
  out.notice(`Changed ${[...changes.keys()].join(', ')}. Servers get it with: infra apply`);
}
