import {get} from 'node:https';

/** A page of a site, asked for at one address whatever the name resolves to. */
export interface PageRequest {
  readonly address: string;
  /** The site's name, which its certificate must bear. */
  readonly name: string;
  /** Whose certificate is believed: PEM. */
  readonly authority: string;
}

export interface Page {
  readonly status: number;
  /** The web server that answered, as it says itself. */
  readonly server: string;
  readonly body: string;
}

/** Fetches `/` over a connection of its own. Rejects when there is no answer within ten seconds, or no trust. */
export function fetchPage({address, name, authority}: PageRequest): Promise<Page> {
  return new Promise((resolve, reject) => {
    const options = {host: address, servername: name, ca: authority, agent: false, timeout: 10_000};
    const request = get({...options, path: '/', headers: {host: name}}, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({status: response.statusCode ?? 0, server: String(response.headers['x-served-by'] ?? ''), body});
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${address} within ten seconds`)));
    request.on('error', reject);
  });
}
