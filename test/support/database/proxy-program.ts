/*
 * The proxy of one node, in that node's network. Arguments: milliseconds of delay, then `address:port` of each peer. It
 * prints its ports as a line of JSON, and then takes lines of JSON: changes of a link, which it confirms with a line. It
 * ends with its standard input.
 */
import {createInterface} from 'node:readline';
import {type LinkChange, startProxy} from './delaying-proxy.js';

const [delay = '0', ...peers] = process.argv.slice(2);
const proxy = await startProxy(
  peers.map((peer) => ({address: peer.split(':')[0] ?? '', port: Number(peer.split(':')[1])})),
  () => Number(delay),
);
process.stdout.write(`${JSON.stringify(proxy.ports)}\n`);
for await (const line of createInterface({input: process.stdin})) {
  // Written by network.ts.
  proxy.apply(JSON.parse(line) as LinkChange);
  process.stdout.write('done\n');
}
process.exit(0);
