import type {WritesChoice} from '../project/choices.js';
import type {WizardQuestion} from './ask/ask-question.js';
import {parseWord} from './parse-values.js';

const CHOICES = ['asynchronous', 'degrade', 'stop'] as const satisfies readonly WritesChoice[];

/** Whether writes wait for a replica. Only asked where there is one. */
export const WRITES: WizardQuestion = {
  name: 'writes',
  flag: '--writes <how>',
  about: 'whether writes wait for a replica: asynchronous (default: they do not), degrade, stop',
  message: 'A write to the database is done',
  options: [
    {
      text: 'asynchronous',
      name: 'when the primary has it',
      description: 'Fastest; but the last writes may be lost together with the primary.',
    },
    {
      text: 'degrade',
      name: 'when a replica has it too, or after 10 seconds',
      description: 'A round trip slower; nothing is lost unless all replicas were away before.',
    },
    {
      text: 'stop',
      name: 'when a replica has it too, in any case',
      description: 'A round trip slower; nothing is lost, but without a replica writes wait.',
    },
  ],
  parse: (text) => {
    const parsed = parseWord(text, CHOICES);
    return 'fault' in parsed ? parsed : {value: {writes: parsed.value}};
  },
  shown: ({writes}) => writes,
  usual: () => 'asynchronous',
  when: ({servers}) => servers.some(({roles}) => roles?.includes('replica')),
};
