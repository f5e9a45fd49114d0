import {z} from 'zod';
import {didYouMean} from '../../model/index.js';

/** The options of a role: these keys and no others. An unknown key is answered with the nearest one. */
export function optionsOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownOptions(issue.keys ?? [], names) : undefined),
  });
}

/** The start of every option's message: the sentence goes on after the option's name. */
export const port = z.int('must be a whole number').min(1, 'must be 1 to 65535').max(65_535, 'must be 1 to 65535');

const text = z.string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')});

/** The path of a URL, as it stands in a request: no query, nothing that a configuration file would read as its own. */
export const urlPath = text.regex(/^\/[\w./~-]*$/, 'must be a path such as /healthz');

/** A name that configuration files and file names can carry as it is. */
export const plainName = text.regex(/^[A-Za-z0-9_][\w.-]*$/, 'use letters, digits, "-", "_" and "."');

/** A group of the inventory. */
export const groupName = plainName;

function unknownOptions(keys: readonly string[], names: readonly string[]): string {
  const unknown = keys.map((key) => {
    const hint = didYouMean(key, names);
    return `there is no option "${key}"${hint === undefined ? '' : `. ${hint}`}`;
  });
  return `${unknown.join('; ')} (options: ${names.join(', ')})`;
}
