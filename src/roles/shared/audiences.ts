import {z} from 'zod';
import {type Audience, parseNetwork} from '../../model/index.js';
import {groupName, plainName} from './options.js';

const network = z
  .string('must be an address or a network')
  .refine((text) => parseNetwork(text) !== undefined, 'must be 192.0.2.0/24, 2001:db8::/32 or an address');

const one = z.union(
  [z.literal('any'), z.strictObject({group: groupName}), z.strictObject({host: plainName}), z.strictObject({network})],
  {error: "is 'any', {group: 'web'}, {host: 'web1'} or {network: '192.0.2.0/24'}, or a list of these"},
);

const asList = (from: Audience | readonly Audience[]): readonly Audience[] => [from].flat();

/** As it is written, and as a role works with it. */
type Audiences = z.ZodType<readonly Audience[], Audience | readonly Audience[]>;

/** Who may connect: one audience or several. Always a list afterwards. */
export const audiences: Audiences = z.union([one, z.array(one).min(1, 'names nobody')]).transform(asList);

/** The same, or nobody: an empty list. */
export const audiencesOrNobody: Audiences = z.union([one, z.array(one)]).transform(asList);
