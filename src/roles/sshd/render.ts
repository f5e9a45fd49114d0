import {atLeast} from '../../model/index.js';
import {rulesBut} from '../shared/rules.js';
import type {SshdSettings} from './options.js';
import {linesOf, SSHD_RULES, type SshdFacts} from './rules.js';

/**
 * The text of sshd's file. sshd takes the first value that it meets, so what the user writes comes before the rules, and
 * a rule leaves out what the user sets. `Match` blocks come last, as they reach to the end of the file.
 */
export function renderSshd(options: SshdSettings, facts: SshdFacts): string {
  const match = options.extra.findIndex((line) => /^\s*match\s/i.test(line));
  const own = match < 0 ? options.extra : options.extra.slice(0, match);
  const blocks = match < 0 ? [] : options.extra.slice(match);
  const taken = own.map((line) => line.trim().split(/[\s=]/)[0]?.toLowerCase() ?? '');
  const rules = rulesBut(SSHD_RULES, options.without).map((rule) => linesOf(rule, facts, taken));
  return [HEAD, section(own), access(options, facts), ...rules, section(blocks)].join('');
}

const HEAD = `# Managed by infra: changes made here are undone by the next apply.
# sshd takes the first value it meets: this file comes before the others and before sshd_config.
`;

function section(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n# From the playbook.\n${lines.map((line) => `${line}\n`).join('')}`;
}

function access({ports = [], allowUsers, allowGroups, unpunished}: SshdSettings, {openssh}: SshdFacts): string {
  const lines = [
    ...ports.map((port) => `Port ${port}`),
    ...(allowUsers ? [`AllowUsers ${allowUsers.join(' ')}`] : []),
    ...(allowGroups ? [`AllowGroups ${allowGroups.join(' ')}`] : []),
    ...(unpunished && atLeast(openssh, [9, 8]) ? [`PerSourcePenaltyExemptList ${unpunished.join()}`] : []),
  ];
  return lines.length === 0 ? '' : `\n# Where it listens and who may log in.\n${lines.join('\n')}\n`;
}
