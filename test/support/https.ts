import type {IncomingHttpHeaders} from 'node:http';
import {request} from 'node:https';
import {connect, type SecureVersion} from 'node:tls';

/** Where a request goes, and who the certificate must name. */
export interface Target {
  readonly address: string;
  readonly port?: number;
  /** PEM of who must have issued the server's certificate. */
  readonly ca: string;
  /** Expected in the certificate, and told to the server. */
  readonly name: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A GET on a connection of its own, as HTTP/1.1. Rejects when the certificate is not the one expected. */
export function ask(target: Target, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const {address: host, port = 443, ca, name: servername} = target;
  return new Promise((resolve, reject) => {
    const asking = request({host, port, path, headers, ca, servername, agent: false, timeout: 10_000}, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const {statusCode: status = 0, headers} = response;
        resolve({status, headers, body: Buffer.concat(chunks).toString()});
      });
    });
    asking.on('timeout', () => asking.destroy(new Error('no answer')));
    asking.on('error', reject);
    asking.end();
  });
}

/** What comes over a connection that was turned into a WebSocket, until it ends. Rejects when it was not. */
export function upgrade(target: Target, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const {address: host, port = 443, ca, name: servername} = target;
  const all = {...headers, connection: 'Upgrade', upgrade: 'websocket'};
  return new Promise((resolve, reject) => {
    const asking = request({host, port, path, headers: all, ca, servername, agent: false, timeout: 10_000});
    asking.on('upgrade', (_answer, socket, head) => {
      const chunks: Buffer[] = [head];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', reject);
      socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    asking.on('response', ({statusCode}) => reject(new Error(`answered with ${statusCode}`)));
    asking.on('timeout', () => asking.destroy(new Error('no answer')));
    asking.on('error', reject);
    asking.end();
  });
}

/** What a server agreed to. */
export interface Handshake {
  readonly protocol: string | null;
  /** The next protocol by ALPN. */
  readonly next: string | false | null;
  /** Serial number of its certificate. */
  readonly serial: string;
}

/** A handshake with this version of TLS and whatever ciphers there are; the error's code when it fails. */
export function handshake({address: host, port = 443, ca, name}: Target, version: SecureVersion) {
  const versions = {minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0'};
  return new Promise<Handshake | string | undefined>((resolve) => {
    const socket = connect({host, port, ca, servername: name, ALPNProtocols: ['h2', 'http/1.1'], ...versions}, () => {
      const {serialNumber: serial} = socket.getPeerCertificate();
      resolve({protocol: socket.getProtocol(), next: socket.alpnProtocol, serial});
      socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}
