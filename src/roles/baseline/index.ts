import {z} from 'zod';
import {defineRole, distributionOf, type Task} from '../../model/index.js';
import {optionsOf} from '../shared/options.js';
import {type Rule, rulesBut, withoutRules} from '../shared/rules.js';
import {FILE_RULES} from './files.js';
import type {HostRule, RuleContext} from './host-rule.js';
import {KERNEL_RULES, kernelTask} from './kernel.js';
import {PACKAGE_RULES, SYSTEM_RULES} from './system.js';
import {UPDATE_RULES} from './updates.js';

// Removals come before tasks that install packages: so the plan of a bare host is certain about them.
const HOST_RULES: readonly HostRule[] = [...PACKAGE_RULES, ...FILE_RULES, ...SYSTEM_RULES, ...UPDATE_RULES];

/** Every rule of the baseline, to list them. */
export const BASELINE_RULES: readonly Rule[] = [...KERNEL_RULES, ...HOST_RULES];

const BaselineOptions = optionsOf({
  /** Rules to leave out, by name (`sysctl.rp_filter`) or whole groups (`sysctl`). */
  without: withoutRules(BASELINE_RULES),
  /** The most that the journal takes on disk, as systemd writes it. Default `1G`. */
  journalSize: z
    .string('must be text')
    .regex(/^[1-9]\d*[KMGT]$/, 'must be a size such as 500M or 2G')
    .default('1G'),
});

/**
 * What every server needs: kernel settings, file permissions, automatic security updates, a correct clock, and a
 * journal that does not fill the disk. `docs/hardening.md` lists the rules; each can be left out by name:
 * `baseline({without: ['sysctl.ptrace']})`. Everything that no rule names is left alone.
 *
 * @example
 * baseline({without: ['sysctl.ptrace']})
 */
export const baseline = defineRole('baseline', BaselineOptions, ({without, journalSize}, {host, inventory, facts}) => {
  const kernel = rulesBut(KERNEL_RULES, without);
  const rules = rulesBut(HOST_RULES, without);
  const context: RuleContext = {host, inventory, facts, distribution: distributionOf(facts), journalSize};
  return [...(kernel.length > 0 ? [kernelTask(kernel)] : []), ...rules.flatMap((rule) => labelled(rule, context))];
});

/** Plans show each task with its rule, so that the user knows which one to turn off. */
function labelled(rule: HostRule, context: RuleContext): Task[] {
  return rule.tasks(rule, context).map((task) => ({...task, label: rule.name}));
}
