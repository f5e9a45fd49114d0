import {mkdtemp, rm} from 'node:fs/promises';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {canAsk, type Project} from '../../local/project.js';
import {PromptInterrupted} from '../../local/prompt.js';
import {catchSignals, Stopped} from '../../local/signals.js';
import {type Diagnostic, InputError, styled} from '../../model/index.js';
import {useColor} from '../../renderers/index.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';
import {openTransport, scanHostKeys} from '../../session/transport.js';
import {loginKeys} from '../../survey/index.js';
import {
  type Answers,
  askChoices,
  importInventory,
  importSshHosts,
  loadAnswers,
  loadOwnAnswers,
  mergeAnswers,
  openBackgroundSurvey,
  openServerAccess,
  openTerminal,
  type Parsed,
  parseFingerprint,
  parseServers,
  QUESTIONS,
} from '../../wizard/index.js';
import {chooseUnasked, refuseWithoutTerminal} from './choose-unasked.js';
import type {InitRun} from './end.js';
import {writeChoices} from './write.js';

/** The options of `infra init`. Every question has an option with its name. */
export interface InitOptions extends Partial<Record<keyof Answers, string>> {
  readonly server?: readonly string[];
  readonly import?: string;
  readonly sshConfig?: string;
  readonly hostKey?: readonly string[];
  readonly connect?: boolean;
  readonly answers?: string;
  readonly yes?: boolean;
}

/** Makes a project in the working directory, or changes the existing one. Returns the exit code. */
export function init(project: Project, addresses: readonly string[], options: InitOptions): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    const own = loadOwnAnswers(project.root);
    const answers = mergeAnswers(own ?? {}, await givenAnswers(addresses, options, out.notice));
    const asks = options.yes !== true;
    if (asks && !canAsk(project)) refuseWithoutTerminal(answers);
    const directory = await mkdtemp(path.join(tmpdir(), 'infra-init-'));
    const stopper = catchSignals();
    try {
      const prompter = asks ? openTerminal(project, useColor(project.stdout, project.env)) : undefined;
      const trusted = path.join(directory, 'known_hosts');
      const connect = options.connect !== false;
      const run: InitRun = {project, out, prompter, trusted, connect, existing: own !== undefined};
      const choices = await stopper.race(choose(run, answers));
      if (choices === undefined) return reportNothing(out, 0);
      return await writeChoices(run, choices, stopper);
    } catch (error) {
      if (error instanceof PromptInterrupted || error instanceof Stopped) return reportNothing(out, 130);
      throw error;
    } finally {
      stopper.release();
      await rm(directory, {recursive: true, force: true});
    }
  });
}

function reportNothing(out: Console, code: number): number {
  out.notice(code === 0 ? 'Nothing was written.' : styled`\nNothing was written.`);
  return code;
}

async function choose({project, out, prompter, trusted, connect, existing}: InitRun, answers: Answers) {
  const {root, env} = project;
  const files = [path.join(root, 'inventory', 'known_hosts'), path.join(homedir(), '.ssh', 'known_hosts')];
  const background = openBackgroundSurvey(
    openServerAccess({root, files, trusted}, openTransport(project), scanHostKeys),
    answers.hostKeys,
  );
  try {
    if (!prompter) return await chooseUnasked(answers, {background, connect, existing, notice: out.notice});
    prompter.say(styled`infra init ${existing ? 'changes the project' : 'makes a project'} in ${root}. ${LEAVE}`);
    return await askChoices({prompter, background, keys: loginKeys(env), existing, connect}, answers);
  } finally {
    background.stop();
  }
}

const LEAVE = styled`Ctrl-C leaves everything as it is.\n`;

/**
 * The answers of the command line, which override those of the files that it names. Rejects with `InputError` for all
 * faults of the flags at once.
 */
async function givenAnswers(addresses: readonly string[], options: InitOptions, notice: (text: string) => void) {
  const file = options.answers === undefined ? {} : loadAnswers(options.answers);
  const found = [
    ...(options.import === undefined ? [] : [importInventory(options.import)]),
    ...(options.sshConfig === undefined
      ? []
      : [await importSshHosts(options.sshConfig.split(/[\s,]+/).filter(Boolean))]),
  ];
  for (const {notes} of found) for (const note of notes) notice(note);
  const imported = found.map(({answers}) => answers);
  return mergeAnswers(...imported, file, readFlags(addresses, options, mergeAnswers(...imported, file)));
}

const ONE_USER = {
  message: 'several login users are named',
  hint: 'Give one for all servers with --user. Exceptions can be set in the inventory afterwards.',
};

function readFlags(addresses: readonly string[], options: InitOptions, before: Answers): Answers {
  const faults: Diagnostic[] = [];
  const taken = <T>(flag: string, parsed: Parsed<T>): T | undefined => {
    if (!('fault' in parsed)) return parsed.value;
    faults.push({message: `${flag}: ${parsed.fault.message}`, hint: parsed.fault.hint});
    return undefined;
  };
  const named = [...addresses, ...(options.server ?? [])].map(parseServers);
  for (const fault of named.flatMap((each) => each.faults)) taken('servers', {fault});
  const servers = named.flatMap((each) => each.servers);
  const users = new Set(servers.flatMap(({user}) => user ?? []));
  if (users.size > 1) taken('servers', {fault: ONE_USER});
  const keys = (options.hostKey ?? []).flatMap((text) => taken('--host-key', parseFingerprint(text)) ?? []);
  const answers: Answers = {...(servers.length > 0 && {servers}), ...(keys.length > 0 && {hostKeys: keys})};
  for (const {name, flag, parse} of QUESTIONS) {
    const text = options[name];
    if (text !== undefined)
      Object.assign(answers, taken(flag.split(' ')[0] ?? flag, parse(text, {...before, ...answers})));
  }
  if (faults.length > 0) throw new InputError(faults);
  return answers;
}
