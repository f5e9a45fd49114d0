import type {Diff} from '../model/index.js';
import type {FiledPlan, PlanRecord} from './format.js';

/** A plan with its diffs apart, each once, as a file has them: many hosts have the same. */
export function withoutDiffs({hosts, ...plan}: PlanRecord) {
  const numbers = new Map<string, number>();
  const diffs: Diff[] = [];
  const numberOf = (diff: Diff) => {
    const key = JSON.stringify(diff);
    const number = numbers.get(key) ?? diffs.push(diff) - 1;
    numbers.set(key, number);
    return number;
  };
  const filed = hosts.map(({tasks, ...host}) => ({
    ...host,
    tasks: tasks.map(({verdict, ...task}) => ({
      ...task,
      verdict: verdict.type === 'change' ? {...verdict, diff: verdict.diff.map(numberOf)} : verdict,
    })),
  }));
  return {...plan, hosts: filed, diffs};
}

/** The plan of a file; undefined when the file lacks a diff that it speaks of. */
export function withDiffs({hosts, diffs, ...plan}: FiledPlan): PlanRecord | undefined {
  const isWhole = ({verdict}: FiledPlan['hosts'][number]['tasks'][number]) =>
    verdict.type !== 'change' || verdict.diff.every((number) => number in diffs);
  if (!hosts.every(({tasks}) => tasks.every(isWhole))) return undefined;
  const whole = hosts.map(({tasks, ...host}) => ({
    ...host,
    tasks: tasks.map(({verdict, ...task}) => ({
      ...task,
      verdict:
        verdict.type === 'change' ? {...verdict, diff: verdict.diff.flatMap((number) => diffs[number] ?? [])} : verdict,
    })),
  }));
  return {...plan, hosts: whole};
}
