import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {figuresOf} from './figures.js';
import {FailedRun} from './infra.js';

const PHASES = fileURLToPath(new URL('./plan-phases.js', import.meta.url));
const RUNS = 5;

/** Where the time of a plan goes: a table of its phases, in milliseconds since the start of the process. */
export function profile(inventory: string): string {
  const runs = Array.from({length: RUNS}, () => timePhases(inventory));
  let before = 0;
  const lines = Object.keys(runs[0] ?? {}).map((phase) => {
    const {median} = figuresOf(runs.map((run) => run[phase] ?? 0));
    const [step, total] = [median - before, median].map((each) => each.toFixed(0).padStart(5));
    before = median;
    return `  ${phase.padEnd(32)}${step}  ${total}\n`;
  });
  return `\nA plan's phases, median of ${RUNS}: milliseconds of the phase, and since the start\n\n${lines.join('')}`;
}

function timePhases(inventory: string): Record<string, number> {
  const {status, stdout, stderr} = spawnSync(process.execPath, [PHASES, inventory], {encoding: 'utf8'});
  if (status !== 0) throw new FailedRun(`the profile failed: ${stderr}`);
  // Printed by our own file.
  return JSON.parse(stdout) as Record<string, number>;
}
