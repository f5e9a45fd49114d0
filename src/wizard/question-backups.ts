import {PLAIN_NAME} from '../model/index.js';
import {faulty} from './answers.js';
import type {WizardQuestion} from './ask/ask-question.js';

const isPlace = (text: string) => text === 'servers' || text === 'nowhere';

/** Where backups of the database go. */
export const BACKUPS: WizardQuestion = {
  name: 'backups',
  flag: '--backups <where>',
  about: 'where backups of the database go: servers (on themselves, default), nowhere, or the name of another server',
  message: 'Backups of the database are kept',
  options: [
    {
      text: 'servers',
      name: 'on the database servers',
      description: 'Nothing else is needed; but each is lost together with the server that made it.',
    },
    {
      text: 'backup1',
      name: 'on another server',
      description: 'Sent over SSH, encrypted; it needs disk for about 20 of them.',
      ask: {message: 'Its name', accepts: (answer) => answer !== '' && !isPlace(answer)},
    },
    {
      text: 'nowhere',
      name: 'nowhere',
      description: 'What is deleted by mistake is then lost, on the replica too.',
    },
  ],
  parse: (text) => {
    const answer = text.trim();
    const word = answer.toLowerCase();
    if (isPlace(word)) return {value: {backups: word}};
    if (PLAIN_NAME.test(answer)) return {value: {backups: answer}};
    return faulty(
      `"${text}" is not the name of a server`,
      'Give servers, nowhere, or the name of one of your servers.',
    );
  },
  shown: ({backups}) => backups,
  usual: () => 'servers',
  when: () => true,
};
