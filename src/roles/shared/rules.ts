import {z} from 'zod';
import {didYouMean} from '../../model/index.js';

/** A hardening rule: it can be turned off by its name, and has its reason and its source. */
export interface Rule {
  /** `GROUP.NAME`, such as `sysctl.rp_filter`. */
  readonly name: string;
  readonly why: string;
  /** Published rules by their number (dev-sec, CIS), or the manual it comes from. */
  readonly source: string;
}

/**
 * The option `without`: names of rules, or of whole groups of them. For an unknown name the message has the nearest
 * one.
 */
export function withoutRules(rules: readonly Rule[]) {
  const names = rules.map(({name}) => name);
  const groups = [...new Set(names.filter((name) => name.includes('.')).map(groupOf))];
  const known = [...groups, ...names];
  return z
    .array(
      z.string('must be the name of a rule').superRefine((name, {addIssue}) => {
        if (!known.includes(name)) addIssue({code: 'custom', ...unknownRule(name, known, names)});
      }),
      'must be a list of rules',
    )
    .default([]);
}

/** The rules except those that are turned off, by name or with their group. */
export function rulesBut<Each extends Rule>(rules: readonly Each[], without: readonly string[]): readonly Each[] {
  return rules.filter(({name}) => !without.includes(name) && !without.includes(groupOf(name)));
}

/** Comment lines with the reason and the source of a rule, for files that have `#` comments. */
export function commentOf({name, why, source}: Rule): string {
  return `# ${name}: ${why}.\n# Source: ${source}.\n`;
}

const groupOf = (name: string) => name.replace(/\..*/, '');

function unknownRule(name: string, known: readonly string[], rules: readonly string[]) {
  const hint = didYouMean(name, known) ?? `The rules are: ${rules.join(', ')}.`;
  return {message: `there is no rule "${name}"`, params: {hint}};
}
