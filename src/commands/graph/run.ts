import {writeFileSync} from 'node:fs';
import type {Project} from '../../local/project.js';
import {InputError, severalLines} from '../../model/index.js';
import {renderMermaid, renderSvg} from '../../renderers/graph/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {defaultInventory} from '../../session/default-inventory.js';
import {loadTopology} from '../../session/load-topology.js';

/** The options of `infra graph`. */
export interface GraphOptions {
  readonly inventory?: string;
  readonly playbook: string;
  readonly format?: 'mermaid' | 'svg';
  readonly output?: string;
}

/**
 * Draws the topology without a connection to any host. What cannot be drawn is reported on standard error. Returns the
 * exit code.
 */
export function graph(project: Project, {playbook: file, output, ...options}: GraphOptions): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(
    out,
    async () => {
      const {topology, missing} = await loadTopology(
        project.root,
        options.inventory ?? defaultInventory(project),
        file,
      );
      for (const each of missing) out.notice(`Not drawn: ${each}`);
      const format = options.format ?? (output?.endsWith('.svg') ? 'svg' : 'mermaid');
      const text = format === 'svg' ? renderSvg(topology) : renderMermaid(topology);
      if (output === undefined) out.print(severalLines(text));
      else write(output, text);
      return 0;
    },
    file,
  );
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{message: `cannot write ${file}: ${reason}`, hint: 'Name another file with --output.'}]);
  }
}
