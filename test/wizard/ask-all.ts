import {styled} from '../../src/model/index.js';
import {openTerminal} from '../../src/wizard/index.js';
import {HOSTILE} from '../support/hostile.js';

/** Asks every kind of question there is, with hostile text in each part of it; prints the answers as JSON. */
const prompter = openTerminal(process, true);
const choices = [
  {value: 'one', name: `one ${HOSTILE}`, short: `short ${HOSTILE}`, description: `about ${HOSTILE}`},
  {value: 'two', name: `two ${HOSTILE}`, checked: true},
].map((each) => ({checked: false, ...each}));

prompter.say(styled`said ${HOSTILE}`);
const text = await prompter.text(`text ${HOSTILE}`, {
  usual: HOSTILE,
  refuse: (answer) => (answer === 'bad' ? `refused ${HOSTILE}` : undefined),
});
const chosen = await prompter.choose(`choose ${HOSTILE}`, choices, 'one');
const marked = await prompter.mark(`mark ${HOSTILE}`, choices);
const sure = await prompter.confirm(`confirm ${HOSTILE}`, true);
await prompter.wait(() => `wait ${HOSTILE}`, new Promise((resolve) => setTimeout(resolve, 900)));
prompter.say(styled`the end ${JSON.stringify([text === HOSTILE, chosen, marked, sure])}`);
