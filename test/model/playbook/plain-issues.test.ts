import test from 'ava';
import {z} from 'zod';
import {issuesOf} from '../../../src/model/playbook/options.js';

const Inner = z.strictObject({name: z.string().max(5), port: z.number().optional()});

const Options = z.strictObject({
  port: z.int().min(1).max(65_535).optional(),
  ratio: z.number().gt(0).lt(1).multipleOf(0.25).optional(),
  text: z.string().min(2).max(4).optional(),
  list: z.array(z.string()).min(1).max(2).optional(),
  yes: z.boolean().optional(),
  kind: z.enum(['small', 'large']).optional(),
  mail: z.email().optional(),
  word: z.string().regex(/^a+$/).optional(),
  either: z.union([z.number(), z.array(z.number()), Inner]).optional(),
  inner: Inner.optional(),
  many: z.array(Inner.transform((each) => each.name)).default([]),
  record: z.record(z.string().regex(/^[a-z]+$/), z.number()).optional(),
  own: z
    .string('must be the name of a site')
    .refine((value) => value !== 'x', 'is taken')
    .optional(),
});

/** By what is written: the option, what is wrong, and the next step. */
const CASES: readonly (readonly [written: object, path: string, message: string, hint?: string])[] = [
  [{port: '80'}, 'port', 'must be a number, not "80"', 'Write it without quotes.'],
  [{port: 70_000}, 'port', 'must be at most 65535, not 70000'],
  [{port: 0}, 'port', 'must be at least 1, not 0'],
  [{port: 1.5}, 'port', 'must be a whole number, not 1.5'],
  [{ratio: 1}, 'ratio', 'must be less than 1, not 1'],
  [{ratio: 0.3}, 'ratio', 'must be a multiple of 0.25, not 0.3'],
  [{text: 3}, 'text', 'must be text, not a number', 'Put it in quotes.'],
  [{text: 'a'}, 'text', 'must have at least 2 characters'],
  [{text: 'abcde'}, 'text', 'must have at most 4 characters'],
  [{list: 'a'}, 'list', 'must be a list, not text', 'Put it in brackets: […].'],
  [{list: []}, 'list', 'must have at least 1 entry'],
  [{list: ['a', 'b', 'c']}, 'list', 'must have at most 2 entries'],
  [{list: ['a', 3]}, 'list.1', 'must be text, not a number', 'Put it in quotes.'],
  [{yes: 'yes'}, 'yes', 'must be true or false, not "yes"', 'Write true or false, without quotes.'],
  [{kind: 'smal'}, 'kind', 'must be "small" or "large", not "smal"', 'Did you mean "small"?'],
  [{kind: 'huge'}, 'kind', 'must be "small" or "large", not "huge"', 'Write one of these.'],
  [{mail: 'anna'}, 'mail', 'must be a mail address'],
  [{word: 'b'}, 'word', 'must match /^a+$/'],
  [{either: true}, 'either', 'must be a number, a list or an object, not true'],
  [{either: [1, 'a']}, 'either.1', 'must be a number, not "a"', 'Write it without quotes.'],
  [{either: {name: 'abcdef'}}, 'either.name', 'must have at most 5 characters'],
  [{either: {name: 'a', port: '1'}}, 'either.port', 'must be a number, not "1"', 'Write it without quotes.'],
  [{inner: {}}, 'inner.name', 'is missing', 'It must be text.'],
  [{inner: {name: 'a', prt: 1}}, 'inner', 'there is no option "prt"', 'Did you mean "port"?'],
  [{many: [{name: 'a', size: 1}]}, 'many.0', 'there is no option "size"', 'Its options are: name, port.'],
  [{record: {A: 1}}, 'record.A', 'must have another name, not 1'],
  [{own: 3}, 'own', 'must be the name of a site, not a number', 'Put it in quotes.'],
  [{own: 'x'}, 'own', 'is taken'],
  [{text: Promise.resolve('a')}, 'text', 'must be text, not a promise', 'Add await before it.'],
  [{prt: 80}, '', 'there is no option "prt"', 'Did you mean "port"?'],
];

for (const [written, path, message, hint] of CASES) {
  test(`what zod finds is said in plain words: ${path} ${message}`, (t) => {
    // As JavaScript has it: of no type.
    const issues = issuesOf(Options, written as z.input<typeof Options>);
    t.deepEqual(
      issues.map((each) => [each.path.join('.'), each.message, each.hint]),
      [[path, message, hint]],
    );
  });
}
