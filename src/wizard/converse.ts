import {setTimeout as sleep} from 'node:timers/promises';
import {styled} from '../model/index.js';
import type {Choices, ServerChoice} from '../project/choices.js';
import type {LoginKey} from '../survey/index.js';
import type {Answers} from './answers.js';
import {askQuestion, keyOptions} from './ask/ask-question.js';
import {askRoles} from './ask/ask-roles.js';
import {askServers, askSource} from './ask/ask-servers.js';
import {askFailures, askHostKeys, remedied} from './ask/ask-survey.js';
import type {Watch} from './background-survey.js';
import {compileChoices, FEWEST_SERVERS, proposeRoles, withInnerAddresses} from './compile-choices.js';
import {QUESTIONS, questionOf} from './questions.js';
import {LABELS, renderObstacles, renderReview, renderStates} from './review.js';
import type {Choice, Prompter} from './terminal/prompter.js';

/** Whom the wizard talks to, and what it looks through. */
export interface Talk {
  readonly prompter: Prompter;
  readonly watch: Watch;
  readonly keys: Promise<readonly LoginKey[]>;
  /** The directory has a project of an earlier run. */
  readonly existing: boolean;
  /** False: no server is connected to. */
  readonly connect: boolean;
}

/** Asks for everything that `given` lacks, until the user wants it written; undefined when they want nothing. */
export async function converse(talk: Talk, given: Answers): Promise<Choices | undefined> {
  let answers = await settle(talk, given);
  let changed = !talk.existing;
  for (;;) {
    const choices = compileChoices(answers, namedServers(talk, answers));
    const next = await review(talk, answers, choices, changed);
    if (next === 'nothing') return undefined;
    if (next === 'write') return choices;
    answers = await settle(talk, await change(talk, answers, next));
    changed = true;
  }
}

/** Asks what is open, looks at what is new, and ends with every server looked at or given up on purpose. */
async function settle(talk: Talk, given: Answers): Promise<Answers> {
  const {prompter, watch} = talk;
  let answers = given;
  if ((answers.servers?.length ?? 0) < FEWEST_SERVERS)
    answers = await askServers(prompter, await askSource(prompter, answers));
  answers = await beginLooking(talk, answers);
  answers = withoutIdle(talk, await settleRoles(talk, answers));
  lookAtNew(talk, namedServers(talk, answers));
  const showStates = newStates(talk);
  for (const question of QUESTIONS) {
    const known = {answers, servers: namedServers(talk, answers)};
    if (question.shown(answers) !== undefined || !question.when(known)) continue;
    showStates(namedServers(talk, answers));
    answers = await askQuestion(prompter, question, known);
  }
  if (!talk.connect) return answers;
  const servers = namedServers(talk, answers);
  await askHostKeys(prompter, watch, servers, watch.settled(servers));
  const remedy = await askFailures(prompter, watch, servers);
  if (remedy.type === 'none') return answers;
  const open = remedy.type === 'login' ? {...answers, user: undefined, identityFile: undefined} : answers;
  return settle(talk, remedied(defined(open), remedy));
}

/** Milliseconds that keep nobody waiting; a server that is slower is asked about at the end. */
const SLOW = 2500;

/**
 * Scans host keys while it asks who logs in, then has the keys confirmed; what follows is asked while servers answer.
 */
async function beginLooking(talk: Talk, given: Answers): Promise<Answers> {
  const {prompter, watch, connect} = talk;
  const servers = namedServers(talk, given);
  lookAtNew(talk, servers);
  let answers = given;
  const known = {answers, servers: given.servers ?? []};
  if (answers.user === undefined) answers = await askQuestion(prompter, questionOf('user'), known);
  if (answers.identityFile === undefined) {
    const options = keyOptions(await talk.keys);
    answers = await askQuestion(prompter, questionOf('identityFile'), {...known, answers}, options);
  }
  if (!connect) return answers;
  watch.login({user: answers.user ?? 'root', identityFile: answers.identityFile});
  for (const each of servers) if (watch.sight(each)?.phase === 'failed') watch.look(each);
  await askHostKeys(prompter, watch, servers, sleep(SLOW));
  return answers;
}

function lookAtNew({watch, connect}: Talk, servers: readonly ServerChoice[]): void {
  if (connect) for (const each of servers) if (watch.sight(each) === undefined) watch.look(each);
}

async function settleRoles(talk: Talk, answers: Answers): Promise<Answers> {
  const servers = await withInnerAddresses(namedServers(talk, answers));
  const open = answers.servers?.some(({roles}) => roles === undefined) ?? true;
  return {...answers, servers: open ? await askRoles(talk.prompter, answers, servers) : servers};
}

function namedServers({existing}: Talk, {servers = []}: Answers): readonly ServerChoice[] {
  return proposeRoles(servers, existing && servers.some(({roles}) => roles !== undefined));
}

/** Shows how far the look at each server is, where that is new. */
function newStates({prompter, watch, connect}: Talk): (servers: readonly ServerChoice[]) => void {
  let shown = '';
  return (servers) => {
    const states = renderStates(servers, watch, prompter.signs);
    if (connect && states !== shown) prompter.say(styled`  ${states}`);
    shown = states;
  };
}

type Next = 'write' | 'nothing' | 'servers' | 'roles' | 'login' | 'answer';

async function review(talk: Talk, answers: Answers, choices: Choices, changed: boolean): Promise<Next> {
  const {prompter, watch, existing, connect} = talk;
  const {lines, blocked} = renderObstacles(choices, watch, prompter.signs);
  prompter.say(styled`\n${renderReview(answers, choices)}\n`);
  if (connect) prompter.say(styled`  ${renderStates(choices.servers, watch, prompter.signs)}\n`);
  for (const line of lines) prompter.say(line);
  const write = {
    value: 'write' as const,
    name: existing ? 'write it: every change is shown first' : 'write the project',
  };
  const ways: readonly Choice<Next>[] = [
    ...(changed && !blocked ? [write] : []),
    {value: 'servers', name: 'add servers'},
    {value: 'roles', name: 'change or leave out a server'},
    {value: 'answer', name: 'change another answer'},
    {value: 'login', name: 'log in otherwise'},
    ...(changed || blocked ? [] : [{...write, name: 'write it: every change is shown first'}]),
    {value: 'nothing', name: 'nothing: leave everything as it is'},
  ];
  return prompter.choose('What now?', ways, blocked ? 'roles' : ways[0]?.value);
}

/** The answers with something else, or with something open that `settle` then asks. */
async function change(talk: Talk, answers: Answers, what: Next): Promise<Answers> {
  const servers = namedServers(talk, answers);
  const known = {answers, servers};
  const {prompter} = talk;
  switch (what) {
    case 'servers':
      return askServers(prompter, answers);
    case 'roles':
      return {...answers, servers: await askRoles(prompter, answers, servers, true)};
    case 'login':
      return defined({...answers, user: undefined, identityFile: undefined});
    default: {
      const asked = QUESTIONS.filter(
        (each) => each.when(known) && each.name !== 'user' && each.name !== 'identityFile',
      );
      const choices = asked.map((value) => ({value, name: LABELS[value.name]?.trim() ?? value.name}));
      return askQuestion(prompter, await prompter.choose('Change which?', choices), known);
    }
  }
}

/** Without answers to what does not have to be asked any more. */
function withoutIdle(talk: Talk, answers: Answers): Answers {
  const known = {answers, servers: namedServers(talk, answers)};
  const idle = QUESTIONS.filter((each) => !each.when(known)).map(({name}) => [name, undefined]);
  return defined({...answers, ...Object.fromEntries(idle)});
}

/** Without the keys whose value is open. */
const defined = (answers: {readonly [Key in keyof Answers]: Answers[Key] | undefined}): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
