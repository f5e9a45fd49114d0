import {request as requestHttps} from 'node:https';

/** A request for a page of a site at one address, whatever the name resolves to. */
export interface PageRequest {
  readonly address: string;
  /** The site's name, which its certificate must have. */
  readonly name: string;
  /** The certificate of the trusted authority: PEM. */
  readonly authority: string;
  /** Default `/`. */
  readonly path?: string | undefined;
  /** The fields of a form; with them the request is a POST. */
  readonly form?: Readonly<Record<string, string>> | undefined;
}

/** An answer of the site. */
export interface SitePage {
  readonly status: number;
  /** The web server that answered, by its own header. */
  readonly server: string;
  /** The database servers that the application wrote on and read from, by its own headers; empty where it did not. */
  readonly writtenOn: string;
  readonly readFrom: string;
  /** Where the answer sends the client on to; empty for nowhere. */
  readonly location: string;
  readonly body: string;
}

/**
 * Fetches a page, or sends a form, over a new connection. Rejects when there is no answer within ten seconds, or a wrong
 * certificate.
 */
export function fetchPage({address, name, authority, path = '/', form}: PageRequest): Promise<SitePage> {
  return new Promise((resolve, reject) => {
    const tls = {host: address, servername: name, ca: authority, agent: false, timeout: 10_000};
    const content = form && new URLSearchParams(form).toString();
    const headers = {host: name, ...(form && {'content-type': 'application/x-www-form-urlencoded'})};
    const request = requestHttps({...tls, path, headers, method: form ? 'POST' : 'GET'}, (response) => {
      const header = (field: string) => String(response.headers[field] ?? '');
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () => {
        const own = {server: header('x-served-by'), writtenOn: header('x-written-on'), readFrom: header('x-read-from')};
        resolve({status: response.statusCode ?? 0, ...own, location: header('location'), body});
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${address} within ten seconds`)));
    request.on('error', reject);
    request.end(content);
  });
}
