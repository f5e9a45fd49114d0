import type {Hint} from '../../model/index.js';

/** Why apt could not fetch its lists or packages: a name without an address, a mirror or a proxy that does not answer. */
export function unreachable(output: string): Hint {
  const mirror = /Failed to fetch \w+:\/\/(?:[^@/\s]*@)?([^/:\s]+)/.exec(output)?.[1];
  const [, name] = /(?:Temporary failure resolving|Could not resolve) '([^']+)'/.exec(output) ?? [];
  const [, at] = /(?:Could not|Unable to) connect to (\[[^\]]+\]:\d+|[^\s:]+:\d+)/.exec(output) ?? [];
  const other = name ?? at?.replace(/:\d+$/, '');
  const isProxy = mirror !== undefined && other !== undefined && other !== mirror;
  const what = isProxy ? 'the proxy that apt uses' : 'its mirror';
  if (name !== undefined)
    return {
      message: `the host finds no address for ${what}, ${name}`,
      hint: isProxy ? PROXY : `Its name servers are in /etc/resolv.conf. Try on the host: getent hosts ${name}`,
    };
  const hint = isProxy
    ? PROXY
    : 'Is there a route, does a firewall let it out, or does it need a proxy? Look on the host at: ip route';
  return {message: `the host does not reach ${what}${at === undefined ? '' : `, ${at}`}`, hint};
}

const PROXY = 'Correct it, or take it out: grep -ri proxy /etc/apt/apt.conf /etc/apt/apt.conf.d';
