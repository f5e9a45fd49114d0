import {joined, type StyledText, styled} from '../../model/index.js';
import type {ServerChoice} from '../../project/choices.js';
import type {HostKey} from '../../survey/index.js';
import type {Answers, ServerAnswer} from '../answers.js';
import type {BackgroundSurvey, SurveyState} from '../background-survey.js';
import {parseServer, refuseAddress} from '../parse-servers.js';
import {hintLines, renderStates} from '../review.js';
import type {Choice, Prompter} from '../terminal/prompter.js';

interface Unconfirmed {
  readonly server: ServerChoice;
  readonly key: HostKey;
}

/**
 * Asks the user to confirm unknown host keys; no key is trusted that was not shown. Waits for servers that are slow to
 * show their keys only until `patience` resolves.
 */
export async function askHostKeys(
  prompter: Prompter,
  background: BackgroundSurvey,
  servers: readonly ServerChoice[],
  patience: Promise<unknown>,
): Promise<void> {
  const scanning = () => servers.filter((each) => background.state(each)?.phase === 'scanning').map(({name}) => name);
  const message = () => (scanning().length > 0 ? `Fetching host keys: ${scanning().join(', ')}` : 'Connecting');
  await prompter.wait(message, Promise.race([background.settled(servers), patience]));
  const open = servers.flatMap((server): Unconfirmed[] => {
    const state = background.state(server);
    // The first key is the one of the best type; the connection then uses the type that is known.
    const key = state?.phase === 'unconfirmed' ? state.keys[0] : undefined;
    return key ? [{server, key}] : [];
  });
  if (open.length === 0) return;
  prompter.say(styled`\n${renderKeys(open)}\n`);
  const all = await prompter.confirm(open.length === 1 ? 'Is it the same?' : 'Are they all the same?', false);
  for (const {server, key} of open) {
    const sure = all || (open.length > 1 && (await prompter.confirm(`Is the key of ${server.name} the same?`, false)));
    if (sure) await background.confirm(server, [key]);
    else background.skip(server);
  }
  const skipped = open
    .filter(({server}) => background.state(server)?.phase === 'skipped')
    .map(({server}) => server.name);
  if (skipped.length > 0) prompter.say(styled`Not connected to: ${skipped.join(', ')}. ${LATER}`);
}

const LATER = 'A later infra init shows the fingerprint again.';

function renderKeys(open: readonly Unconfirmed[]): StyledText {
  const rows = open.map(
    ({server, key}) => styled`  ${server.name}  ${server.address}  ${nameOf(key.type)}\n    ${key.fingerprint}`,
  );
  const file = fileOf(open[0]?.key.type ?? '');
  return styled`These host keys are new to this machine. To rule out an attacker in between, compare
them with what each server's console prints, or with what your provider shows:
  ssh-keygen -lf ${file}

${joined(rows)}`;
}

const nameOf = (type: string) => (type.startsWith('ecdsa') ? 'ECDSA' : type === 'ssh-rsa' ? 'RSA' : 'ED25519');

const fileOf = (type: string) => `/etc/ssh/ssh_host_${nameOf(type).toLowerCase()}_key.pub`;

/** What to do about servers that could not be surveyed. */
type Remedy =
  | {readonly type: 'none'}
  | {readonly type: 'again'}
  | {readonly type: 'login'}
  | {readonly type: 'move'; readonly server: ServerChoice; readonly to: ServerAnswer}
  | {readonly type: 'drop'; readonly server: ServerChoice};

/** Waits until every server was surveyed, shows which ones failed and why, and asks what to do about them. */
export async function askFailures(
  prompter: Prompter,
  background: BackgroundSurvey,
  servers: readonly ServerChoice[],
): Promise<Remedy> {
  await prompter.wait(() => renderStates(servers, background, prompter.signs), background.settled(servers));
  const failed = servers.filter((each) => background.state(each)?.phase === 'failed');
  if (failed.length === 0) return {type: 'none'};
  for (const server of failed) prompter.say(renderFailed(server, background, prompter));
  const one = failed.length === 1;
  const them = one ? 'it' : 'them';
  const denied = failed.some((each) => isDenied(background.state(each)));
  const ways: readonly Choice<Remedy['type']>[] = [
    {value: 'again', name: 'try again', description: 'When you have fixed the cause.'},
    {value: 'move', name: one ? 'another address' : 'another address for one of them'},
    {value: 'login', name: 'change the login', description: 'Another user or another key, for all servers.'},
    {value: 'none', name: `continue without ${them}`, description: 'A plan still has to connect to every server.'},
    {value: 'drop', name: one ? 'leave it out' : 'leave one of them out'},
  ];
  const question = `${failed.map(({name}) => name).join(', ')}: what now?`;
  const kind = await prompter.choose(question, ways, denied ? 'login' : 'again');
  return remedyOf(kind, prompter, background, failed);
}

const isDenied = (state: SurveyState | undefined) =>
  state?.phase === 'failed' && state.failure.reason === 'authentication-failed';

async function remedyOf(
  kind: Remedy['type'],
  prompter: Prompter,
  background: BackgroundSurvey,
  failed: readonly ServerChoice[],
): Promise<Remedy> {
  switch (kind) {
    case 'again':
      for (const each of failed) background.start(each);
      return {type: kind};
    case 'move': {
      const server = await whichOf(prompter, failed);
      const text = await prompter.text(`Address of ${server.name}`, {usual: server.address, refuse: refuseAddress});
      const parsed = parseServer(text);
      return 'fault' in parsed ? {type: 'again'} : {type: kind, server, to: parsed.value};
    }
    case 'drop':
      return {type: kind, server: await whichOf(prompter, failed)};
    case 'none':
      for (const each of failed) background.skip(each);
      return {type: kind};
    default:
      return {type: 'login'};
  }
}

async function whichOf(prompter: Prompter, failed: readonly ServerChoice[]): Promise<ServerChoice> {
  const choices: Choice<ServerChoice>[] = failed.map((value) => ({value, name: `${value.name}  ${value.address}`}));
  const [only] = failed;
  return only && failed.length === 1 ? only : prompter.choose('Which?', choices);
}

function renderFailed(server: ServerChoice, background: BackgroundSurvey, {signs}: Prompter): StyledText {
  const state = background.state(server);
  if (state?.phase !== 'failed') return styled``;
  const {message, hint} = state.failure;
  const head = `${signs.failed} ${server.name} (${server.address}): ${message}`;
  return joined([head, ...(hint === undefined ? [] : hintLines(hint))]);
}

/** The answers with the remedy applied: a server at another address, or without it. */
export function remedied(answers: Answers, remedy: Remedy): Answers {
  const servers = answers.servers ?? [];
  if (remedy.type === 'drop') return {...answers, servers: servers.filter(({name}) => name !== remedy.server.name)};
  if (remedy.type !== 'move') return answers;
  const {to, server} = remedy;
  const moved = servers.map((each) =>
    each.name === server.name ? {...each, address: to.address, port: to.port, privateAddress: undefined} : each,
  );
  return {...answers, servers: moved};
}
