import {type Diagnostic, InputError} from '../../model/index.js';
import {type Choices, faultsOf, type ServerChoice} from '../../project/index.js';
import {concernsOf} from '../../survey/index.js';
import {
  type Answers,
  type BackgroundSurvey,
  certificateFaults,
  compileChoices,
  FEWEST_SERVERS,
  proposeRoles,
  QUESTIONS,
  surveysOf,
  withInnerAddresses,
} from '../../wizard/index.js';

interface Unasked {
  readonly background: BackgroundSurvey;
  readonly connect: boolean;
  readonly existing: boolean;
  notice(text: string): void;
}

/** Throws `InputError`, which names the flags for the open questions, because there is no terminal to ask on. */
export function refuseWithoutTerminal(answers: Answers): never {
  const servers = proposeRoles(answers.servers ?? []);
  const open = QUESTIONS.filter((each) => each.shown(answers) === undefined && each.when({answers, servers}));
  const flags = [
    ...(servers.length < FEWEST_SERVERS ? ['the addresses of your servers'] : []),
    ...open.map(({flag}) => flag),
  ];
  const missing = flags.length === 0 ? '' : ` Open questions: ${flags.join(', ')}.`;
  throw new InputError([
    {
      message: `there is no terminal to ask on.${missing}`,
      hint: 'Answer with flags or with --answers FILE, and add --yes to take the defaults for the rest.',
    },
  ]);
}

/** The choices from the answers and the defaults. Rejects with `InputError` for all faults. */
export async function chooseUnasked(
  answers: Answers,
  {background, connect, existing, notice}: Unasked,
): Promise<Choices> {
  const joining = existing && (answers.servers ?? []).some(({roles}) => roles !== undefined);
  const servers = await withInnerAddresses(proposeRoles(answers.servers ?? [], joining));
  const choices = compileChoices(answers, servers);
  refuse(missingAnswers(answers, servers));
  refuse([...faultsOf(choices), ...certificateFaults(choices)]);
  if (!connect) return choices;
  background.login({user: choices.user, identityFile: choices.identityFile});
  for (const each of servers) background.start(each);
  await background.settled(servers);
  refuse([...servers.flatMap((each) => failureAt(each, background)), ...unknownKeys(servers, background)]);
  for (const {message, hint} of concernsOf(choices, surveysOf(choices, background)))
    notice(`warning: ${message}. ${hint}`);
  return choices;
}

function refuse(faults: readonly Diagnostic[]): void {
  if (faults.length > 0) throw new InputError(faults);
}

/** The open questions that have no default. */
function missingAnswers(answers: Answers, servers: readonly ServerChoice[]): readonly Diagnostic[] {
  if (servers.length === 0) return [{message: 'there are no servers', hint: HINT}];
  if (servers.length < FEWEST_SERVERS) return [{message: 'one server is not enough for a site', hint: HINT}];
  const known = {answers, servers};
  const open = QUESTIONS.filter((each) => each.when(known) && each.shown(answers) === undefined);
  const missing = open.filter((each) => each.usual(known) === undefined);
  return missing.map(({flag, about}) => ({message: `${flag} is missing`, hint: about}));
}

const HINT = 'Give the addresses of two or more: infra init 192.0.2.10 192.0.2.11 192.0.2.12 --yes';

function failureAt(server: ServerChoice, background: BackgroundSurvey): readonly Diagnostic[] {
  const state = background.state(server);
  if (state?.phase !== 'failed') return [];
  const {message, hint = ''} = state.failure;
  return [{message: `${server.name} (${server.address}): ${message}`, hint: `${hint}\n${UNSEEN}`.trim()}];
}

const UNSEEN = 'To write the project without connecting to servers: --no-connect';

/** The unknown host keys in one diagnostic, with the flags that confirm them. */
function unknownKeys(servers: readonly ServerChoice[], background: BackgroundSurvey): readonly Diagnostic[] {
  const unknown = servers.flatMap((server) => {
    const state = background.state(server);
    const key = state?.phase === 'unconfirmed' ? state.keys[0] : undefined;
    return key ? [{...server, key}] : [];
  });
  if (unknown.length === 0) return [];
  const rows = unknown.map(({name, address, key}) => `\n  ${name}  ${address}  ${key.type}  ${key.fingerprint}`);
  const flags = unknown.map(({key}) => `\n  --host-key ${key.fingerprint}`);
  return [
    {
      message: `this machine does not know the host keys of${rows.join('')}`,
      hint: `Compare them on the servers' consoles (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then add:${flags.join('')}`,
    },
  ];
}
