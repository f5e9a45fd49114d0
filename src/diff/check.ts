import {z} from 'zod';
import type {Diff, DiffBody} from '../model/index.js';

/*
 * The shape of diffs in a file, which may have been edited or written by another version. Not part of the directory's
 * index, so that a plan does not load zod.
 */

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);
const digest = z.union([z.object({size: z.number(), sha256: z.string()}), z.literal('secret')]);
const lineEnd = z.enum(['LF', 'CRLF']);
const isSo = z.literal(true).exactOptional();

const row = z.object({
  sign: z.enum([' ', '-', '+']),
  pieces: z.array(z.object({text: z.string(), changed: isSo, masked: isSo})),
  unended: isSo,
});

const range = z.object({from: z.number(), count: z.number()});

const body: z.ZodType<DiffBody> = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('value'), before: value.exactOptional(), after: value.exactOptional()}),
  z.object({kind: z.literal('items'), added: z.array(z.string()), removed: z.array(z.string())}),
  z.object({
    kind: z.literal('hidden'),
    changes: z.boolean(),
    lines: z.number().exactOptional(),
    changed: z.number().exactOptional(),
  }),
  z.object({
    kind: z.literal('digests'),
    before: digest.exactOptional(),
    after: digest.exactOptional(),
    because: z.string(),
  }),
  z.object({kind: z.literal('lines'), count: z.number(), rows: z.array(row), crlf: z.boolean()}),
  z.object({
    kind: z.literal('hunks'),
    title: z.string(),
    ends: z.object({before: lineEnd, after: lineEnd, lines: z.number()}).exactOptional(),
    hunks: z.array(z.object({before: range, after: range, rows: z.array(row)})),
  }),
  z.object({kind: z.literal('cut'), kept: z.lazy(() => body).exactOptional(), left: z.number()}),
]);

/** A diff as `model/plan/diff.ts` describes it. */
export const diffCheck: z.ZodType<Diff> = z.intersection(z.object({name: z.string()}), body);
