import {parseArgs} from 'node:util';
import {measureAnsible} from './ansible.js';
import {figuresOf} from './figures.js';
import {loadQuestions, measureFloor, type Question} from './floor.js';
import {converge, FailedRun, measurePeak, measurePlan} from './infra.js';
import {type Machine, readMachine} from './machine.js';
import {type Report, renderJson, renderReport} from './report.js';

const HELP = `npm run bench -- [options]

Measures "infra plan" where nothing is to be done, over real hosts of the lab, against what it could take at best: all
hosts at once, one OpenSSH call each that runs the same probes. Where Ansible is installed, an equivalent playbook too.
It says what it found; it fails only when a run fails or a plan is not empty.

  -i, --inventory FILE  default: inventory/lab.yml
  --rounds N            floor and infra in turn, so often (default: 7)
  --ansible-rounds N    Ansible is slow (default: 1; 0 leaves it out)
  --profile             also show where the time of a plan goes
  --json                the same as JSON
`;

const options = readOptions();
try {
  await bench();
} catch (error) {
  if (!(error instanceof FailedRun)) throw error;
  say(error.message);
  process.exitCode = 1;
}
process.exit();

async function bench(): Promise<void> {
  const {inventory} = options;
  converge(inventory, say);
  const questions = await loadQuestions(inventory);
  const before = readMachine();
  const peakMegabytes = measurePeak(inventory);
  say(`Measuring ${options.rounds} rounds`);
  const rounds = await measureRounds(questions);
  const ansible = await measureAnsible(options.ansibleRounds, () => measurePlan(inventory), say);
  const report = reportOf(before, questions, rounds, peakMegabytes, ansible);
  process.stdout.write(options.json ? renderJson(report) : renderReport(report));
  if (options.profile) {
    const {profile} = await import('./profile.js');
    process.stdout.write(profile(inventory));
  }
}

/** In turn, so that what else the machine does falls on both alike; the first of each only warms up. */
async function measureRounds(questions: readonly Question[]): Promise<{floor: number[]; infra: number[]}> {
  const [floor, infra]: [number[], number[]] = [[], []];
  for (let round = 0; round <= options.rounds; round += 1) {
    floor.push(await measureFloor(questions));
    infra.push(await measurePlan(options.inventory));
  }
  return {floor: floor.slice(1), infra: infra.slice(1)};
}

function reportOf(
  before: Machine,
  questions: readonly Question[],
  {floor, infra}: {floor: number[]; infra: number[]},
  peakMegabytes: number,
  ansible: Report['ansible'],
): Report {
  return {
    before,
    after: readMachine(),
    hosts: questions.length,
    tasks: questions.reduce((sum, {tasks}) => sum + tasks.length, 0),
    floor: figuresOf(floor),
    infra: {...figuresOf(infra), peakMegabytes},
    ansible,
  };
}

function readOptions() {
  const {values} = parseArgs({
    options: {
      inventory: {type: 'string', short: 'i', default: 'inventory/lab.yml'},
      rounds: {type: 'string', default: '7'},
      'ansible-rounds': {type: 'string', default: '1'},
      profile: {type: 'boolean', default: false},
      json: {type: 'boolean', default: false},
      help: {type: 'boolean', short: 'h', default: false},
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit();
  }
  const [rounds, ansibleRounds] = [Number(values.rounds), Number(values['ansible-rounds'])];
  if (!(rounds >= 1) || !(ansibleRounds >= 0)) {
    say('The number of rounds must be 1 or more.');
    process.exit(1);
  }
  return {inventory: values.inventory, rounds, ansibleRounds, profile: values.profile, json: values.json};
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
