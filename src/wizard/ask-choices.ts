import {setTimeout as sleep} from 'node:timers/promises';
import {styled} from '../model/index.js';
import type {Choices, ServerChoice} from '../project/choices.js';
import type {LoginKey} from '../survey/index.js';
import type {Answers} from './answers.js';
import {askQuestion, keyOptions} from './ask/ask-question.js';
import {askRoles} from './ask/ask-roles.js';
import {askServers, askSource} from './ask/ask-servers.js';
import {askFailures, askHostKeys, remedied} from './ask/ask-survey.js';
import type {BackgroundSurvey} from './background-survey.js';
import {compileChoices, FEWEST_SERVERS, proposeRoles, withInnerAddresses} from './compile-choices.js';
import {QUESTIONS, questionOf} from './questions.js';
import {LABELS, renderObstacles, renderReview, renderStates} from './review.js';
import type {Choice, Prompter} from './terminal/prompter.js';

/** What the wizard works with. */
export interface WizardContext {
  readonly prompter: Prompter;
  readonly background: BackgroundSurvey;
  readonly keys: Promise<readonly LoginKey[]>;
  /** The directory has a project of an earlier run. */
  readonly existing: boolean;
  /** False: no server is connected to. */
  readonly connect: boolean;
}

/** Asks for everything that `given` lacks until the user wants to write it; undefined if they want to write nothing. */
export async function askChoices(context: WizardContext, given: Answers): Promise<Choices | undefined> {
  let answers = await settle(context, given);
  let changed = !context.existing;
  for (;;) {
    const choices = compileChoices(answers, namedServers(context, answers));
    const next = await review(context, answers, choices, changed);
    if (next === 'nothing') return undefined;
    if (next === 'write') return choices;
    answers = await settle(context, await change(context, answers, next));
    changed = true;
  }
}

/** Asks what is open and surveys new servers, until every server was surveyed or the user skipped it. */
async function settle(context: WizardContext, given: Answers): Promise<Answers> {
  const {prompter, background} = context;
  let answers = given;
  if ((answers.servers?.length ?? 0) < FEWEST_SERVERS)
    answers = await askServers(prompter, await askSource(prompter, answers));
  answers = await startSurvey(context, answers);
  answers = withoutIdle(context, await settleRoles(context, answers));
  surveyNew(context, namedServers(context, answers));
  const showStates = newStates(context);
  for (const question of QUESTIONS) {
    const known = {answers, servers: namedServers(context, answers)};
    if (question.shown(answers) !== undefined || !question.when(known)) continue;
    showStates(namedServers(context, answers));
    answers = await askQuestion(prompter, question, known);
  }
  if (!context.connect) return answers;
  const servers = namedServers(context, answers);
  await askHostKeys(prompter, background, servers, background.settled(servers));
  const remedy = await askFailures(prompter, background, servers);
  if (remedy.type === 'none') return answers;
  const open = remedy.type === 'login' ? {...answers, user: undefined, identityFile: undefined} : answers;
  return settle(context, remedied(defined(open), remedy));
}

/** Milliseconds to wait for host keys; keys of slower servers are confirmed at the end. */
const SLOW = 2500;

/**
 * Scans host keys while it asks for the login, then asks to confirm the keys. Servers are surveyed during the questions
 * that follow.
 */
async function startSurvey(context: WizardContext, given: Answers): Promise<Answers> {
  const {prompter, background, connect} = context;
  const servers = namedServers(context, given);
  surveyNew(context, servers);
  let answers = given;
  const known = {answers, servers: given.servers ?? []};
  if (answers.user === undefined) answers = await askQuestion(prompter, questionOf('user'), known);
  if (answers.identityFile === undefined) {
    const options = keyOptions(await context.keys);
    answers = await askQuestion(prompter, questionOf('identityFile'), {...known, answers}, options);
  }
  if (!connect) return answers;
  background.login({user: answers.user ?? 'root', identityFile: answers.identityFile});
  for (const each of servers) if (background.state(each)?.phase === 'failed') background.start(each);
  await askHostKeys(prompter, background, servers, sleep(SLOW));
  return answers;
}

function surveyNew({background, connect}: WizardContext, servers: readonly ServerChoice[]): void {
  if (connect) for (const each of servers) if (background.state(each) === undefined) background.start(each);
}

async function settleRoles(context: WizardContext, answers: Answers): Promise<Answers> {
  const servers = await withInnerAddresses(namedServers(context, answers));
  const open = answers.servers?.some(({roles}) => roles === undefined) ?? true;
  return {...answers, servers: open ? await askRoles(context.prompter, answers, servers) : servers};
}

function namedServers({existing}: WizardContext, {servers = []}: Answers): readonly ServerChoice[] {
  return proposeRoles(servers, existing && servers.some(({roles}) => roles !== undefined));
}

/** Shows the state of the survey of each server, when it has changed. */
function newStates({prompter, background, connect}: WizardContext): (servers: readonly ServerChoice[]) => void {
  let shown = '';
  return (servers) => {
    const states = renderStates(servers, background, prompter.signs);
    if (connect && states !== shown) prompter.say(styled`  ${states}`);
    shown = states;
  };
}

type Next = 'write' | 'nothing' | 'servers' | 'roles' | 'login' | 'answer';

async function review(context: WizardContext, answers: Answers, choices: Choices, changed: boolean): Promise<Next> {
  const {prompter, background, existing, connect} = context;
  const {lines, blocked} = renderObstacles(choices, background, prompter.signs);
  prompter.say(styled`\n${renderReview(answers, choices)}\n`);
  if (connect) prompter.say(styled`  ${renderStates(choices.servers, background, prompter.signs)}\n`);
  for (const line of lines) prompter.say(line);
  const write = {
    value: 'write' as const,
    name: existing ? 'write the changes: each is shown first' : 'write the project',
  };
  const ways: readonly Choice<Next>[] = [
    ...(changed && !blocked ? [write] : []),
    {value: 'servers', name: 'add servers'},
    {value: 'roles', name: 'change or leave out a server'},
    {value: 'answer', name: 'change another answer'},
    {value: 'login', name: 'change the login'},
    ...(changed || blocked ? [] : [{...write, name: 'write the changes: each is shown first'}]),
    {value: 'nothing', name: 'nothing: leave everything as it is'},
  ];
  return prompter.choose('What now?', ways, blocked ? 'roles' : ways[0]?.value);
}

/** The answers with a change, or without an answer that `settle` then asks for. */
async function change(context: WizardContext, answers: Answers, what: Next): Promise<Answers> {
  const servers = namedServers(context, answers);
  const known = {answers, servers};
  const {prompter} = context;
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
      return askQuestion(prompter, await prompter.choose('Which answer?', choices), known);
    }
  }
}

/** Without answers to questions that no longer have to be asked. */
function withoutIdle(context: WizardContext, answers: Answers): Answers {
  const known = {answers, servers: namedServers(context, answers)};
  const idle = QUESTIONS.filter((each) => !each.when(known)).map(({name}) => [name, undefined]);
  return defined({...answers, ...Object.fromEntries(idle)});
}

/** Without the keys whose value is undefined. */
const defined = (answers: {readonly [Key in keyof Answers]: Answers[Key] | undefined}): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
