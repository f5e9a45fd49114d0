import {dirname} from 'node:path';
import type {LabStatus} from '../../lab/status.js';
import {joined, type StyledText, styled} from '../../model/text/styled-text.js';

/** A lab's status as a small table, one host a line; saved states with their hosts below it. */
export function renderLabStatus({project, bridge, packageProxy, hosts, states}: LabStatus): StyledText {
  if (!project) return styled`The lab is not up.\n`;
  const width = Math.max(0, ...hosts.map(({name}) => name.length));
  const rows = hosts.map(
    ({name, address, suite, state}) =>
      styled`${name.padEnd(width)}  ${address.padEnd(12)}  ${suite.padEnd(8)}  ${state}\n`,
  );
  const broken = [...(bridge ? [] : ['its bridge']), ...(packageProxy ? [] : ['its package proxy'])];
  const warning = broken.length > 0 ? styled`Missing: ${broken.join(' and ')}. Run infra lab up.\n` : '';
  const saved = states.map(
    ({name, hosts: of}) => styled`Saved state ${name}: ${of.map((host) => host.name).join(', ')}\n`,
  );
  return styled`Lab of ${dirname(dirname(project))}\n${joined(rows, '')}${joined(saved, '')}${warning}`;
}
