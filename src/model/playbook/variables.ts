import type {Diagnostic} from '../diagnostic.js';
import type {Host, Inventory, Variables} from '../inventory/inventory.js';
import {didYouMean} from '../nearest.js';
import {inWords} from '../text/in-words.js';
import {plainIssues, type SchemaIssue} from './plain-issues.js';

/**
 * What the variables of hosts must be, as `z.object({…})` describes it. Hosts may have other variables besides, unless it
 * is a `z.strictObject({…})`.
 */
export interface VariablesSchema<Vars extends Variables = Variables> {
  safeParse(value: unknown): Parsed<Vars>;
}

type Parsed<Vars> =
  | {readonly success: true; readonly data: Vars}
  | {readonly success: false; readonly error: {readonly issues: readonly SchemaIssue[]}};

/** A part of a playbook that needs variables. */
interface Needing {
  readonly name: string;
  readonly vars?: VariablesSchema | undefined;
}

/** The host as a play sees it: with the variables that its schema makes, defaults among them, and all others. */
export function withVariables(host: Host, {vars}: Needing): Host {
  const read = vars?.safeParse(host.vars);
  return read?.success === true ? {...host, vars: {...host.vars, ...read.data}} : host;
}

/** What is wrong with the variables of the hosts of a play, each once, at the line of the inventory that says it. */
export function variableFaults(play: Needing, hosts: readonly Host[], inventory: Inventory): readonly Diagnostic[] {
  const found = new Map<string, {fault: VariableFault; hosts: Host[]}>();
  for (const host of hosts) {
    for (const fault of faultsOf(play, host, inventory)) {
      const key = JSON.stringify([fault.variable, fault.problem, fault.place?.at]);
      const same = found.get(key);
      if (same) same.hosts.push(host);
      else found.set(key, {fault, hosts: [host]});
    }
  }
  return [...found.values()].map(({fault, hosts: same}) => faultInWords(fault, same, play, inventory));
}

interface VariableFault {
  readonly variable: string;
  /** In words, after the name of the variable; undefined: there is no such variable. */
  readonly problem: string | undefined;
  readonly hint?: string | undefined;
  /** Where the inventory says it. */
  readonly place?: Pick<Diagnostic, 'at' | 'excerpt'> | undefined;
}

function faultsOf({vars}: Needing, host: Host, {placeOf}: Inventory): readonly VariableFault[] {
  const read = vars?.safeParse(host.vars);
  if (read === undefined || read.success) return [];
  const issues = read.error.issues.flatMap((issue) => plainIssues(issue, host.vars));
  return issues.flatMap(({path, message, keys = [], hint}): readonly VariableFault[] => {
    const [variable, ...inner] = path.map(String);
    if (variable === undefined)
      return keys.map((key) => ({variable: key, problem: 'is unknown', place: placeOf?.(host.name, key)}));
    if (host.vars[variable] === undefined) return [{variable, problem: undefined}];
    const part = inner.length > 0 ? ` in ${inner.join('.')}` : '';
    const problem = part === '' && message.startsWith('must ') ? message : `is wrong${part}: ${message}`;
    return [{variable, problem, hint, place: placeOf?.(host.name, variable)}];
  });
}

function faultInWords(fault: VariableFault, hosts: readonly Host[], play: Needing, {placeOf}: Inventory): Diagnostic {
  const {variable, problem, hint, place} = fault;
  const [first] = hosts;
  const names = namesOf(hosts);
  if (problem !== undefined) {
    const message = `play "${play.name}": the variable "${variable}" of ${names} ${problem}`;
    return {message, ...place, hint};
  }
  const message = `play "${play.name}" needs the variable "${variable}", which ${names} ${hosts.length > 1 ? 'do' : 'does'} not have`;
  const usual = `Add it to ${first?.name}, or to one of its groups: ${[...(first?.groups ?? [])].reverse().join(', ')}.`;
  return {
    message,
    ...(first && placeOf?.(first.name)),
    hint: didYouMean(variable, Object.keys(first?.vars ?? {})) ?? usual,
  };
}

const MOST_NAMES = 3;

/** `web1, web2 and 4 more`. */
function namesOf(hosts: readonly Host[]): string {
  const names = hosts.slice(0, MOST_NAMES).map(({name}) => name);
  const more = hosts.length - names.length;
  return inWords(more > 0 ? [...names, `${more} more`] : names, ' and ');
}
