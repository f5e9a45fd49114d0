import type {LabSuite} from '../hosts/host.js';
import type {AptSettings} from '../lab.js';
import {gatewayAddress} from './network.js';
import {tryRun} from './run.js';

/** The port on which the lab's package proxy listens. */
export const proxyPort = 3142;

/** Reads this machine's settings; `http_proxy` counts where apt itself names no proxy, as for apt. */
export async function gatherAptSettings(env: NodeJS.ProcessEnv): Promise<AptSettings> {
  const settings = parseAptSettings((await tryRun('apt-config', ['dump'])).stdout);
  return settings.proxy || !env.http_proxy ? settings : {...settings, proxy: env.http_proxy};
}

/** Parses `apt-config dump`. */
export function parseAptSettings(dump: string): AptSettings {
  const proxy = /^Acquire::http::Proxy "(http:[^"]+)";$/im.exec(dump)?.[1];
  const lenient = ['Acquire::Check-Valid-Until', 'Acquire::Check-Date'].filter((option) =>
    new RegExp(`^${option} "(false|no|0)";$`, 'im').test(dump),
  );
  return proxy ? {proxy, lenient} : {lenient};
}

/** The apt configuration inside a host: packages come through the lab's proxy alone. */
export function renderHostAptConf(suite: LabSuite, settings: AptSettings): string {
  return [`Acquire::http::Proxy "http://${gatewayAddress}:${proxyPort}";`, ...lenientLines(suite, settings), ''].join(
    '\n',
  );
}

/** The apt configuration with which mmdebstrap builds a base image on this machine. */
export function renderBuildAptConf(suite: LabSuite, settings: AptSettings): string {
  const proxy = settings.proxy ? [`Acquire::http::Proxy "${settings.proxy}";`] : [];
  return [...proxy, ...lenientLines(suite, settings), ''].join('\n');
}

// A mirror of sid may serve a Release file that is past its date; stable releases are re-signed in time.
function lenientLines(suite: LabSuite, {lenient}: AptSettings) {
  const options = suite === 'sid' ? ['Acquire::Check-Valid-Until', ...lenient] : lenient;
  return [...new Set(options)].map((option) => `${option} "false";`);
}
