import {z} from 'zod';
import {type Audience, isPort, MAX_PORT, PLAIN_NAME, parseNetwork} from '../../model/index.js';

/** The options of a role: these keys and no others. For an unknown key the message has the nearest one. */
export function optionsOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape);
}

/** A port of TCP or UDP. The messages of options continue the sentence that the option's name begins. */
export const port = z.int('must be a whole number').refine(isPort, `must be 1 to ${MAX_PORT}`);

const text = z.string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')});

/** The path of a URL in a request: without a query, and without characters that configuration files treat specially. */
export const urlPath = text.regex(/^\/[\w./~-]*$/, 'must be a path such as /healthz');

/** A name that can be written unchanged into configuration files and file names. */
export const plainName = text.regex(PLAIN_NAME, 'must have only letters, digits, "-", "_" and "."');

/** A group of the inventory. */
export const groupName = plainName;

const network = z
  .string('must be an address or a network')
  .refine((text) => parseNetwork(text) !== undefined, 'must be 192.0.2.0/24, 2001:db8::/32 or an address');

const one = z.union(
  [z.literal('any'), z.strictObject({group: groupName}), z.strictObject({host: plainName}), z.strictObject({network})],
  {error: "must be 'any', {group: 'web'}, {host: 'web1'} or {network: '192.0.2.0/24'}, or a list of these"},
);

const asList = (from: Audience | readonly Audience[]): readonly Audience[] => [from].flat();

/** Output: what a role works with. Input: what the user writes. */
type Audiences = z.ZodType<readonly Audience[], Audience | readonly Audience[]>;

/**
 * The schema of who may connect, for an option of a role of your own: what is written is one {@link Audience} or
 * several, and the role gets a list, as `listens` takes it.
 *
 * @example
 * z.strictObject({from: audiences.default([{group: 'lb'}])})
 */
export const audiences: Audiences = z.union([one, z.array(one).min(1, 'must name at least one')]).transform(asList);

/** The same, or an empty list for no audience. */
export const audiencesOrNone: Audiences = z.union([one, z.array(one)]).transform(asList);
