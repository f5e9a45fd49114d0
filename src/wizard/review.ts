import {joined, type StyledText, styled} from '../model/index.js';
import type {Choices} from '../project/choices.js';
import {faultsOf} from '../project/index.js';
import {concernsOf, type Survey} from '../survey/index.js';
import type {Answers} from './answers.js';
import {renderRoles} from './ask/ask-roles.js';
import type {Watch} from './background-survey.js';
import {certificateFaults} from './check-certificate.js';
import {QUESTIONS} from './questions.js';
import type {Signs} from './terminal/prompter.js';
import {renderFault} from './terminal/render-fault.js';

/** All answers on one screen. */
export function renderReview(answers: Answers, choices: Choices): StyledText {
  const asked = QUESTIONS.filter(({when}) => when({answers, servers: choices.servers}));
  const rows = asked.map((each) => [LABELS[each.name] ?? each.name, each.shown(answers) ?? ''] as const);
  const lines = rows.map(([label, value]) => styled`  ${label.padEnd(LABEL_WIDTH)}${value}`);
  return styled`${renderRoles(choices.servers)}\n\n${joined(lines)}`;
}

const LABEL_WIDTH = 17;

/** What an answer is called in a list of all. */
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
  content: 'content',
  sshFrom: 'SSH from',
};

/** What was found on the servers that have been looked at, by their names. */
export function surveysOf({servers}: Choices, watch: Watch): ReadonlyMap<string, Survey> {
  return new Map(
    servers.flatMap((server) => {
      const sight = watch.sight(server);
      return sight?.phase === 'seen' ? [[server.name, sight.survey] as const] : [];
    }),
  );
}

/** Lines about what cannot be built and what would go wrong; `blocked` when nothing may be written. */
export function renderObstacles(choices: Choices, watch: Watch, signs: Signs) {
  const faults = [...faultsOf(choices), ...certificateFaults(choices)];
  const concerns = concernsOf(choices, surveysOf(choices, watch));
  const lines = [
    ...faults.map((fault) => renderFault(fault, signs.failed)),
    ...concerns.map((concern) => renderFault(concern, '!')),
  ];
  return {lines, blocked: faults.length > 0};
}
