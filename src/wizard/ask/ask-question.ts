import type {ServerChoice} from '../../project/choices.js';
import type {LoginKey} from '../../survey/index.js';
import type {Answers, Parsed, ServerAnswer} from '../answers.js';
import type {Prompter} from '../terminal/prompter.js';

/** What a question may be answered from. */
export interface Known {
  readonly answers: Answers;
  readonly servers: readonly (ServerChoice | ServerAnswer)[];
}

/** An answer to choose: `text`, or what `ask` then asks for. */
interface Option {
  readonly name: string;
  readonly description?: string;
  readonly text: string;
  readonly ask?: {readonly message: string; readonly usual?: string; accepts(answer: string): boolean};
}

/** A question of the wizard. Its answer is the same text as a flag, in an answers file and at the terminal. */
export interface WizardQuestion {
  /** Its key in an answers file. */
  readonly name: keyof Answers;
  /** In the form that commander takes. */
  readonly flag: string;
  /** The description of the flag in the help. */
  readonly about: string;
  /** The question at the terminal. */
  readonly message: string;
  readonly options?: readonly Option[];
  /** The answer that the text gives, or why it gives none. */
  parse(text: string, answers: Answers): Parsed<Answers>;
  /** The answer as text; undefined while there is none. */
  shown(answers: Answers): string | undefined;
  /** The default answer; undefined: there is none. */
  usual(known: Known): string | undefined;
  /** Whether the question has to be asked at all. */
  when(known: Known): boolean;
}

/** Asks one question until its answer is valid, and adds the answer to those so far. */
export async function askQuestion(
  prompter: Prompter,
  question: WizardQuestion,
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
  question: WizardQuestion,
  {answers}: Known,
  options: readonly Option[],
  before: string | undefined,
): Promise<string> {
  const other = options.find(({ask}) => ask?.accepts(before ?? ''));
  const usual = options.find(({text}) => text === before) ?? other;
  const choices = options.map((value) => ({value, name: value.name, description: value.description}));
  const chosen = await prompter.choose(question.message, choices, usual);
  const {text, ask} = chosen;
  if (ask === undefined) return text;
  // A directory, for instance, is not offered as the port of a program.
  const given = (chosen === usual && before) || ask.usual;
  return askText(prompter, question, answers, ask.message, given, true);
}

function askText(
  prompter: Prompter,
  question: WizardQuestion,
  answers: Answers,
  message: string,
  usual: string | undefined,
  needed = false,
): Promise<string> {
  const refuse = (text: string) => {
    if (needed && text === '') return 'no answer was given';
    const parsed = question.parse(text, answers);
    if (!('fault' in parsed)) return undefined;
    const {message, hint} = parsed.fault;
    return hint === undefined ? message : `${message}. ${hint}`;
  };
  return prompter.text(message, {usual, refuse});
}

/** Keys to log in with. Those of the agent are one option: SSH tries them in order. */
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
