import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {type Figures, figuresOf} from './figures.js';
import {FailedRun, raise} from './infra.js';
import {versionOf} from './machine.js';

const DIRECTORY = fileURLToPath(new URL('../../bench/ansible', import.meta.url));

/** What the playbook of `bench/ansible/` took in one of Ansible's ways. */
export interface AnsibleResult {
  readonly name: string;
  readonly hosts: number;
  /** Tasks that ran, over all hosts; the reading of facts counts as one. */
  readonly tasks: number;
  readonly figures: Figures;
  /** Runs of infra, each right after one of Ansible's. */
  readonly infra: Figures;
}

/** Facts before each play, as Ansible does by itself, or once a host. */
const GATHERING = {implicit: 'as it comes', smart: 'facts once'} as const;

/**
 * Boots hosts for Ansible, brings them to where its playbook changes nothing, and measures that. It installs no
 * Ansible: where there is none, it says so. Rejects with `FailedRun` when a run fails or changes something.
 */
export async function measureAnsible(
  rounds: number,
  measureInfra: () => Promise<number>,
  say: (line: string) => void,
): Promise<readonly AnsibleResult[] | {readonly skipped: string}> {
  if (rounds === 0) return {skipped: 'not asked for'};
  const version = versionOf('ansible-playbook', '--version');
  if (version === '') return {skipped: 'there is no ansible-playbook on this machine'};
  say('Checking the hosts for Ansible');
  if (!isConverged(await play('site.yml', 'smart'))) await prepareHosts(say);
  const results: AnsibleResult[] = [];
  for (const [gathering, what] of Object.entries(GATHERING)) {
    say(`Measuring Ansible, ${what}`);
    const [runs, others]: [Play[], number[]] = [[], []];
    while (runs.length < rounds) {
      runs.push(await playUnchanged(gathering));
      others.push(await measureInfra());
    }
    const {hosts = 0, tasks = 0} = runs[0] ?? {};
    const figures = figuresOf(runs.map(({seconds}) => seconds));
    results.push({name: `Ansible ${version}, ${what}`, hosts, tasks, figures, infra: figuresOf(others)});
  }
  return results;
}

async function prepareHosts(say: (line: string) => void): Promise<void> {
  raise(`${DIRECTORY}/hosts.yml`, say);
  for (const playbook of ['prepare.yml', 'site.yml']) {
    say(`$ ansible-playbook ${playbook}`);
    const {code, output} = await play(playbook, 'smart');
    if (code !== 0) throw new FailedRun(`ansible-playbook ${playbook} ended with exit code ${code}\n${output}`);
  }
}

interface Play {
  readonly code: number | null;
  readonly seconds: number;
  readonly hosts: number;
  readonly tasks: number;
  readonly changed: number;
  readonly output: string;
}

const isConverged = ({code, changed, hosts}: Play) => code === 0 && changed === 0 && hosts > 0;

async function playUnchanged(gathering: string): Promise<Play> {
  const result = await play('site.yml', gathering);
  if (isConverged(result)) return result;
  throw new FailedRun(`Ansible should change nothing (exit code ${result.code})\n${result.output}`);
}

async function play(playbook: string, gathering: string): Promise<Play> {
  // Ansible refuses to start in a locale that is not UTF-8.
  const env = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    ANSIBLE_CONFIG: `${DIRECTORY}/ansible.cfg`,
    ANSIBLE_GATHERING: gathering,
  };
  const since = performance.now();
  const child = spawn('ansible-playbook', [playbook], {cwd: DIRECTORY, env, stdio: ['ignore', 'pipe', 'pipe']});
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {code, seconds: (performance.now() - since) / 1000, output, ...readRecap(output)};
}

/** The lines at the end: `web1 : ok=8 changed=0 unreachable=0 failed=0 skipped=0 …`. */
function readRecap(output: string): Pick<Play, 'hosts' | 'tasks' | 'changed'> {
  const lines = [...output.matchAll(/^\S+ +: ok=(\d+) +changed=(\d+) /gm)];
  const sum = (group: number) => lines.reduce((total, line) => total + Number(line[group]), 0);
  return {hosts: lines.length, tasks: sum(1), changed: sum(2)};
}
