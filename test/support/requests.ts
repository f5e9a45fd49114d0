import {request as plainRequest} from 'node:http';
import {request} from 'node:https';
import {connect} from 'node:net';
import type {Target} from './https.js';

/** Status and `Location` of the answer to a request of plain HTTP on port 80. */
export function plain(address: string, path: string, host: string): Promise<[number, string | undefined]> {
  return new Promise((resolve, reject) => {
    const asking = plainRequest({host: address, path, headers: {host}, agent: false}, (response) => {
      response.resume();
      resolve([response.statusCode ?? 0, response.headers.location]);
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** The status of the answer to a request over TLS. */
export function send({address: host, port = 443, ca, name: servername}: Target, method: string, path: string) {
  return new Promise<number>((resolve, reject) => {
    const options = {host, port, ca, servername, path, method, headers: {host: servername}, agent: false};
    const asking = request(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** The first thing that a server says on a connection; empty when it closes without a word. */
export function banner(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({host, port});
    socket.setTimeout(10_000, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(''));
  });
}
