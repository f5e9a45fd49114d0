import {
  columnsOf,
  joined,
  type Problem,
  padColumns,
  releaseName,
  type StyledText,
  styled,
  visible,
} from '../model/index.js';
import type {Choices, ServerChoice} from '../project/choices.js';
import {endpointOf, faultsOf} from '../project/index.js';
import {concernsOf, type Survey} from '../survey/index.js';
import type {Answers} from './answers.js';
import type {BackgroundSurvey, SurveyState} from './background-survey.js';
import {certificateFaults} from './check-certificate.js';
import {QUESTIONS} from './questions.js';
import type {Signs} from './terminal/prompter.js';

/** All answers on one screen. */
export function renderReview(answers: Answers, choices: Choices): StyledText {
  const asked = QUESTIONS.filter(({when}) => when({answers, servers: choices.servers}));
  const rows = asked.map((each) => [LABELS[each.name] ?? each.name, each.shown(answers) ?? ''] as const);
  const lines = rows.map(([label, value]) => styled`  ${label.padEnd(LABEL_WIDTH)}${value}`);
  return styled`${renderRoles(choices.servers)}\n\n${joined(lines)}`;
}

const LABEL_WIDTH = 17;

/** The label of an answer in the list of all. */
export const LABELS: Readonly<Partial<Record<keyof Answers, string>>> = {
  user: 'log in as',
  identityFile: 'SSH key',
  virtualAddress: 'shared address',
  domain: 'public name',
  tls: 'certificate',
  certificate: '  its file',
  key: '  its key',
  email: '  e-mail',
  database: 'database',
  writes: '  writes',
  backups: '  backups',
  content: 'content',
  sshFrom: 'SSH from',
};

/** What was found on the servers that have been surveyed, by their names. */
export function surveysOf({servers}: Choices, background: BackgroundSurvey): ReadonlyMap<string, Survey> {
  return new Map(
    servers.flatMap((server) => {
      const state = background.state(server);
      return state?.phase === 'surveyed' ? [[server.name, state.survey] as const] : [];
    }),
  );
}

/** Lines about what is impossible and what would go wrong; `blocked`: the project must not be written. */
export function renderObstacles(choices: Choices, background: BackgroundSurvey, signs: Signs) {
  const faults = [...faultsOf(choices), ...certificateFaults(choices)];
  const concerns = concernsOf(choices, surveysOf(choices, background));
  const lines = [
    ...faults.map((fault) => renderFault(fault, signs.failed)),
    ...concerns.map((concern) => renderFault(concern, '!')),
  ];
  return {lines, blocked: faults.length > 0};
}

/** A line for each server: its name, address and roles. */
export function renderRoles(servers: readonly ServerChoice[]): StyledText {
  const width = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => columnsOf(visible(text))));
  const names = width(servers.map(({name}) => name));
  const places = width(servers.map(placeOf));
  const pad = (text: string, columns: number) => padColumns(visible(text), columns);
  const rows = servers.map(
    (server) => `  ${pad(server.name, names)}  ${pad(placeOf(server), places)}  ${rolesOf(server)}`,
  );
  return joined(rows);
}

const placeOf = (server: ServerChoice) => endpointOf(server).replace(/ 22$/, '').replace(' ', ' port ');

/** `web, primary`. */
export const rolesOf = ({roles}: ServerChoice) => (roles.length === 0 ? '(nothing)' : roles.join(', '));

/** `lb1 ✓ Debian 13 · app1 connecting…`: the state of the survey of each server. */
export function renderStates(servers: readonly ServerChoice[], background: BackgroundSurvey, signs: Signs): string {
  const states = servers.map((server) => `${server.name} ${renderState(background.state(server), signs)}`);
  return states.join(` ${signs.dot} `);
}

/** The state of one server. */
function renderState(state: SurveyState | undefined, {done, failed, going}: Signs): string {
  switch (state?.phase) {
    case 'surveyed':
      return `${done} ${releaseName(state.survey.facts)}`;
    case 'failed':
      return `${failed} ${REASONS[state.failure.reason] ?? 'no answer'}`;
    case 'unconfirmed':
      return 'new host key';
    case 'skipped':
      return 'skipped';
    case 'scanning':
    case 'connecting':
      return `connecting${going}`;
    default:
      return 'waiting';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  unreachable: 'does not answer',
  'authentication-failed': 'login refused',
  'host-key-changed': 'host key changed',
  'become-failed': 'sudo refused',
  'unsupported-host': 'not supported',
  'timed-out': 'too slow',
};

/** A fault after a sign, its next step below it as a sentence. */
export function renderFault({message, hint}: Problem, sign: string): StyledText {
  const head = `${sign} ${message.replace(/(?<![.!?])$/, '.')}`;
  return joined([head, ...(hint === undefined ? [] : hintLines(hint))]);
}

/** The lines of a hint, which may have a command on a line of its own. */
export function hintLines(hint: string): StyledText[] {
  return hint.split('\n').map((line) => styled`    ${line}`);
}
