import type {ServerChoice} from '../project/choices.js';
import type {Answers, Parsed, ServerAnswer} from './answers.js';

/** What a question may be answered from. */
export interface Known {
  readonly answers: Answers;
  readonly servers: readonly (ServerChoice | ServerAnswer)[];
}

/** A way to answer by choosing: with `text`, or with what `ask` asks for. */
export interface Option {
  readonly name: string;
  readonly description?: string;
  readonly text: string;
  readonly ask?: {readonly message: string; readonly usual?: string; accepts(answer: string): boolean};
}

/** One thing that is asked. A flag, a line of an answers file and what is typed are the same text. */
export interface Question {
  /** Its key in an answers file. */
  readonly name: keyof Answers;
  /** As commander takes it. */
  readonly flag: string;
  /** For the help of the flag. */
  readonly about: string;
  /** At the terminal, as a question. */
  readonly message: string;
  readonly options?: readonly Option[];
  /** What the text answers, or why it does not. */
  parse(text: string, answers: Answers): Parsed<Answers>;
  /** The answer as text; undefined while there is none. */
  shown(answers: Answers): string | undefined;
  /** The answer to take when nothing is given; undefined: somebody has to say. */
  usual(known: Known): string | undefined;
  /** Whether it has to be asked at all. */
  when(known: Known): boolean;
}
