import {mkdtemp, rm} from 'node:fs/promises';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {canAsk, type Project} from '../../local/project.js';
import {PromptInterrupted} from '../../local/prompt.js';
import {catchSignals, Stopped} from '../../local/signals.js';
import {styled} from '../../model/index.js';
import {useColor} from '../../renderers/index.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';
import {scanHostKeys, transport} from '../../session/transport.js';
import {loginKeys} from '../../survey/index.js';
import {
  type Answers,
  askChoices,
  loadOwnAnswers,
  mergeAnswers,
  openBackgroundSurvey,
  openServerAccess,
  openTerminal,
} from '../../wizard/index.js';
import {givenAnswers, type InitOptions} from './answers.js';
import {chooseUnasked, refuseWithoutTerminal} from './choose-unasked.js';
import type {InitRun} from './init-run.js';
import {writeChoices} from './write.js';

/** Makes a project in the working directory, or changes the one there. Returns the exit code. */
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
      if (choices === undefined) return nothing(out, 0);
      return await writeChoices(run, choices, stopper);
    } catch (error) {
      if (error instanceof PromptInterrupted || error instanceof Stopped) return nothing(out, 130);
      throw error;
    } finally {
      stopper.release();
      await rm(directory, {recursive: true, force: true});
    }
  });
}

function nothing(out: Console, code: number): number {
  out.notice(code === 0 ? 'Nothing was written.' : styled`\nNothing was written.`);
  return code;
}

async function choose({project, out, prompter, trusted, connect, existing}: InitRun, answers: Answers) {
  const {root, env} = project;
  const files = [path.join(root, 'inventory', 'known_hosts'), path.join(homedir(), '.ssh', 'known_hosts')];
  const background = openBackgroundSurvey(
    openServerAccess({root, files, trusted}, transport, scanHostKeys),
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
