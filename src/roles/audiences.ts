import {z} from 'zod';
import type {Audience} from '../model/index.js';
import {groupName} from './options.js';

const text = z.string('must be text').min(1, 'is empty');

const one = z.union(
  [z.literal('any'), z.strictObject({group: groupName}), z.strictObject({host: text}), z.strictObject({network: text})],
  "is 'any', {group: …}, {host: …} or {network: …}",
);

/** Who may connect: one audience or several. Always a list afterwards. */
export const audiences = z
  .union([one, z.array(one).min(1, 'names nobody')])
  .transform((from): readonly Audience[] => [from].flat());
