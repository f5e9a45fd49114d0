import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {isAbsolute, join} from 'node:path';
import {errorCode} from '../local/read-file.js';
import {type Diagnostic, InputError, type SecretSource} from '../model/index.js';
import type {SecretsProject} from './identity.js';
import {variableOf} from './names.js';

/** A value and where it comes from, for messages. */
export interface Sourced {
  readonly clear: string;
  readonly place: string;
}

/** The value of a secret in the environment, which overrides the source in the playbook. */
export function givenIn(name: string, env: NodeJS.ProcessEnv): Sourced | undefined {
  const variable = variableOf(name);
  const clear = env[variable];
  return clear === undefined ? undefined : {clear, place: `the environment variable ${variable}`};
}

/** Seconds for a command that may ask for a passphrase. */
const COMMAND_SECONDS = 60;

/**
 * Reads a secret from the source in the playbook, without the line break of a file or an output with a single line.
 * Throws `InputError`, which never repeats what was read.
 */
export function readSource(source: SecretSource, {root, env}: SecretsProject, at: Diagnostic['at']): Sourced {
  if ('env' in source) {
    const place = `the environment variable ${source.env}`;
    return {clear: env[source.env] ?? refuse(`${place} is not set`, `Run: export ${source.env}=…`, at), place};
  }
  if ('file' in source) {
    const file = isAbsolute(source.file) ? source.file : join(root, source.file);
    return {clear: singleLine(readText(file, at)), place: file};
  }
  const place = `what ${source.command[0]} prints`;
  return {clear: singleLine(outputOf(source.command, env, at)), place};
}

function readText(file: string, at: Diagnostic['at']): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return refuse(`the secret's file cannot be read: ${cause.message}`, 'A relative path starts from the project.', at);
  }
}

/** What a command prints, run without a shell. Its standard error goes to the operator. */
function outputOf([program, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv, at: Diagnostic['at']) {
  const {status, signal, error, stdout} = spawnSync(program, args, {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: COMMAND_SECONDS * 1000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  if (status === 0) return stdout;
  const command = [program, ...args].join(' ');
  if (errorCode(error) === 'ENOENT')
    return refuse(`there is no program "${program}" to ask for the secret`, 'Install it, or correct the name.', at);
  const timedOut = errorCode(error) === 'ETIMEDOUT';
  const how = timedOut
    ? `gave no answer in ${COMMAND_SECONDS} seconds`
    : `ended with ${signal ?? `exit code ${status}`}`;
  return refuse(`"${command}" ${how}`, 'Run it by hand: it must print the secret to standard output.', at);
}

/** A text of one line without its line break; a text of several lines, such as a key in PEM, as it is. */
export function singleLine(text: string): string {
  return text.replace(/^([^\n]*?)\r?\n$/, '$1');
}

function refuse(message: string, hint: string, at: Diagnostic['at']): never {
  throw new InputError([{message, at, hint}]);
}
