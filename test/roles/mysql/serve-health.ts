import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';

/**
 * The health of a database server over HTTP on this address, as lines `KEY: VALUE`; a server that says nothing drops the
 * connection. Resolves with the port.
 */
export async function serveHealth(
  t: ExecutionContext,
  address: string,
  says: () => Readonly<Record<string, unknown>> | undefined,
): Promise<number> {
  const server = createServer((_, response) => {
    const state = says();
    if (state === undefined) return void response.destroy();
    const body = Object.entries(state).map(([key, value]) => `${key}: ${value}\n`);
    response.setHeader('Content-Length', body.join('').length);
    response.setHeader('Connection', 'close');
    response.end(body.join(''));
  });
  await new Promise<void>((done) => void server.listen(0, address, () => done()));
  t.teardown(() => void server.close());
  // The address of a server that listens on TCP.
  return (server.address() as AddressInfo).port;
}
