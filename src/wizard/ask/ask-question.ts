import type {LoginKey} from '../../survey/index.js';
import type {Answers} from '../answers.js';
import type {Known, Option, Question} from '../question.js';
import type {Prompter} from '../terminal/prompter.js';

/** Asks one question until its answer can be taken, and puts that to the answers there are. */
export async function askQuestion(
  prompter: Prompter,
  question: Question,
  known: Known,
  options: readonly Option[] = question.options ?? [],
): Promise<Answers> {
  const before = question.shown(known.answers) ?? question.usual(known);
  const text = options.length > 0 ? await chooseText(prompter, question, known, options, before) : undefined;
  const answer = text ?? (await askText(prompter, question, known.answers, question.message, before || undefined));
  const parsed = question.parse(answer, known.answers);
  return 'fault' in parsed ? known.answers : {...known.answers, ...parsed.value};
}

async function chooseText(
  prompter: Prompter,
  question: Question,
  {answers}: Known,
  options: readonly Option[],
  before: string | undefined,
): Promise<string> {
  const other = options.find(({ask}) => ask?.accepts(before ?? ''));
  const usual = options.find(({text}) => text === before) ?? other;
  const choices = options.map((value) => ({value, name: value.name, description: value.description}));
  const {text, ask} = await prompter.choose(question.message, choices, usual);
  if (ask === undefined) return text;
  const given = usual === other && before !== '' ? before : ask.usual;
  return askText(prompter, question, answers, ask.message, given, true);
}

function askText(
  prompter: Prompter,
  question: Question,
  answers: Answers,
  message: string,
  usual: string | undefined,
  needed = false,
): Promise<string> {
  const refuse = (text: string) => {
    if (needed && text === '') return 'nothing was given';
    const parsed = question.parse(text, answers);
    if (!('fault' in parsed)) return undefined;
    const {message, hint} = parsed.fault;
    return hint === undefined ? message : `${message}: ${hint}`;
  };
  return prompter.text(message, {usual, refuse});
}

/** Keys to log in with, the agent's together: SSH tries these in order. */
export function keyOptions(keys: readonly LoginKey[]): readonly Option[] {
  const agent = keys.filter(({from}) => from === 'agent');
  const files = keys.filter(({from, encrypted}) => from !== 'agent' && !encrypted);
  return [
    {text: 'agent', name: usualName(keys), description: agent.map(({comment}) => comment).join(', ')},
    ...files.map(({from, type, comment}) => ({text: from, name: from, description: `${type} ${comment}`.trim()})),
    {text: '', name: 'another file', ask: {message: 'Private key file', accepts: (text) => text !== 'agent'}},
  ];
}

function usualName(keys: readonly LoginKey[]): string {
  const agent = keys.filter(({from}) => from === 'agent').length;
  if (agent > 0) return `the agent's (it has ${agent}), or the usual files in ~/.ssh`;
  return keys.length > 0 ? 'the usual files in ~/.ssh' : 'the usual files in ~/.ssh (there are none yet)';
}
