import type {Project} from '../../local/project.js';
import {askHidden, whenInterrupted} from '../../local/prompt.js';
import {didYouMean, InputError, styled, visible} from '../../model/index.js';
import {pad, widthOf} from '../../renderers/index.js';
import {
  checkLength,
  checkName,
  generatePassword,
  openStore,
  PASSWORD_LENGTH,
  PASSWORDS,
  type Store,
  singleLine,
} from '../../secrets/index.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';
import {writeValue} from '../../session/streams.js';

/** Prints the name of each secret and its file. Returns the exit code. */
export function listSecrets(project: Project): Promise<number> {
  return withStore(project, async (store, out) => {
    const entries = store.files().flatMap((file) => [...store.sealed(file).keys()].map((name) => ({name, file})));
    const width = Math.max(0, ...entries.map(({name}) => widthOf(name)));
    for (const {name, file} of entries) out.print(styled`${pad(name, width)}  secrets/${file}.age.yaml\n`);
    if (entries.length === 0) out.notice('There are no secrets yet. infra plan makes those that a playbook asks for.');
  });
}

/** Prints a secret in clear, with a line break where a person reads it. Returns the exit code. */
export function getSecret(project: Project, name: string): Promise<number> {
  return withStore(project, async (store) => {
    const clear = await open(store, name, fileOf(store, name) ?? refuseUnknown(store, name));
    const {stdout} = project;
    writeValue(stdout, stdout.isTTY && !clear.endsWith('\n') ? `${clear}\n` : clear);
  });
}

/** Sets a secret that is asked for, or read from standard input, or random. Returns the exit code. */
export function setSecret(
  project: Project,
  name: string,
  options: {random?: boolean; length?: number},
): Promise<number> {
  return withStore(project, async (store, out) => {
    checkName(name);
    if (options.length !== undefined && !options.random)
      throw new InputError([{message: '--length is for a random value', hint: 'Add --random, or leave out --length.'}]);
    const clear = options.random ? generatePassword(options.length) : await readValue(project, name);
    checkLength(name, clear, 'what was given');
    const file = fileOf(store, name);
    await store.edit(file ?? PASSWORDS, async () => new Map([[name, clear]]));
    out.notice(`${file ? 'Replaced' : 'Kept'} ${name} in ${store.path(file ?? PASSWORDS)}. ${EFFECT}`);
  });
}

/** Gives a password a new random value. Returns the exit code. */
export function rotateSecret(project: Project, name: string, options: {length?: number}): Promise<number> {
  return withStore(project, async (store, out) => {
    const file = fileOf(store, name) ?? refuseUnknown(store, name);
    await store.edit(file, async () => {
      const old = await open(store, name, file);
      if (old.includes('\n')) throw new InputError([notOneLine(name)]);
      return new Map([
        [name, generatePassword(options.length ?? (old.length < SHORTEST ? PASSWORD_LENGTH : old.length))],
      ]);
    });
    out.notice(`${name} has a new value in ${store.path(file)}. ${EFFECT}`);
  });
}

/** An old password with fewer characters does not decide the length of the new one. */
const SHORTEST = 16;

const EFFECT = 'Servers get it with: infra apply';

function withStore(project: Project, work: (store: Store, out: Console) => Promise<void>): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    await work(openStore(project, out.notice), out);
    return 0;
  });
}

const fileOf = (store: Store, name: string) => store.files().find((file) => store.sealed(file).has(name));

async function open(store: Store, name: string, file: string): Promise<string> {
  const value = store.sealed(file).get(name);
  return value ? store.open(name, value) : refuseUnknown(store, name);
}

function refuseUnknown(store: Store, name: string): never {
  const names = store.files().flatMap((file) => [...store.sealed(file).keys()]);
  const hint = didYouMean(name, names) ?? 'To see all names: infra secrets list';
  throw new InputError([{message: `there is no secret "${name}"`, hint}]);
}

function notOneLine(name: string) {
  const message = `"${name}" has several lines, so it is not a password that infra could make`;
  return {message, hint: `Set the new value yourself: infra secrets set ${name} < FILE`};
}

/**
 * A value for a secret: asked for twice and hidden on a terminal, else all of standard input. Rejects with
 * `InputError`.
 */
async function readValue({stdin, stderr}: Project, name: string): Promise<string> {
  if (!stdin.isTTY) return singleLine(await allOf(stdin));
  const first = await askSecret(visible(`Value of ${name}:`), stderr);
  if ((await askSecret('Again:', stderr)) === first) return first;
  throw new InputError([{message: 'the two values differ', hint: 'Nothing was changed. Try again.'}]);
}

async function allOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Asks on standard error, because standard output is for the result of the command. */
function askSecret(message: string, output: NodeJS.WriteStream): Promise<string> {
  return askHidden({message, output}).catch(
    whenInterrupted(() => {
      throw new InputError([{message: 'nothing was given', hint: 'Nothing was changed.'}]);
    }),
  );
}
