import {Command, Option} from 'commander';
import {InputError} from '../../model/index.js';
import {addRunOptions} from '../../session/run-options.js';

/** Throws `InputError` when options that shape a plan are given together with a saved plan, which has its own. */
export function refusePlanningOptions(command: Command): void {
  const shaping = [...addRunOptions(new Command()).options, new Option('--resume')];
  const given = shaping.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  if (given.length === 0) return;
  const names = given.map(({long}) => long).join(', ');
  const message = `${names}: a saved plan is applied as it was planned, without options that would make another plan`;
  throw new InputError([{message, hint: 'Give them to infra plan --out FILE instead.'}]);
}
