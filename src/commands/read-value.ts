import type {Project} from '../local/project.js';
import {InputError, visible} from '../model/index.js';
import {singleLine} from '../secrets/index.js';

/** A value for a secret: asked for twice and hidden on a terminal, else all of standard input. Rejects with `InputError`. */
export async function readValue({stdin, stderr}: Project, name: string): Promise<string> {
  if (!stdin.isTTY) return singleLine(await allOf(stdin));
  const first = await askHidden(visible(`Value of ${name}:`), stderr);
  if ((await askHidden('Once more:', stderr)) === first) return first;
  throw new InputError([{message: 'these are two values', hint: 'Nothing was changed. Try again.'}]);
}

async function allOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** On standard error, so that standard output stays what the command gives. */
async function askHidden(message: string, output: NodeJS.WriteStream): Promise<string> {
  const {default: inquirer} = await import('inquirer');
  const ask = inquirer.createPromptModule({output});
  try {
    return (await ask([{type: 'password' as const, name: 'value', message, toggleMask: false}])).value;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
    throw new InputError([{message: 'nothing was given', hint: 'Nothing was changed.'}]);
  }
}
