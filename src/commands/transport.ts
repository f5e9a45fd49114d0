import type {Host} from '../model/index.js';
import {pad, widthOf} from '../renderers/index.js';
import type {Transport} from '../transport/index.js';
import {scanHostKeys, ssh2Transport} from '../transport/ssh2/index.js';
import type {Console} from './console.js';
import type {OutputOptions} from './output-options.js';

/*
 * How commands reach hosts. Nothing else names a member of the family of transports.
 */

export {scanHostKeys, ssh2Transport as transport};

/** The same; with -vvv it says on standard error where connections go and how long each question takes. */
export async function tracedTransport(
  hosts: readonly Host[],
  {verbose = 0}: OutputOptions,
  out: Console,
): Promise<Transport> {
  if (verbose <= 2) return ssh2Transport;
  const {traced} = await import('./trace.js');
  const column = Math.max(...hosts.map(({name}) => widthOf(name)));
  return traced(ssh2Transport, (host, verb, what) => out.notice(`${pad(host, column)}  ${verb.padEnd(9)}  ${what}`));
}
