import type {ServerChoice} from '../../project/choices.js';
import type {Sight, Watch} from '../background-survey.js';
import type {Signs} from './prompter.js';

/** `lb1 ✓ Debian 13 · app1 connecting…`: how far the look at each server is. */
export function renderStates(servers: readonly ServerChoice[], watch: Watch, signs: Signs): string {
  const states = servers.map((server) => `${server.name} ${renderSight(watch.sight(server), signs)}`);
  return states.join(` ${signs.dot} `);
}

/** One server's part of it. */
export function renderSight(sight: Sight | undefined, {done, failed, going}: Signs): string {
  switch (sight?.phase) {
    case 'seen':
      return `${done} ${systemOf(sight.survey.facts)}`;
    case 'failed':
      return `${failed} ${REASONS[sight.failure.reason] ?? 'no answer'}`;
    case 'unconfirmed':
      return 'new host key';
    case 'skipped':
      return 'not looked at';
    case 'scanning':
    case 'connecting':
      return `connecting${going}`;
    default:
      return 'waiting';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  unreachable: 'does not answer',
  'authentication-failed': 'does not let in',
  'host-key-changed': 'another host key',
  'become-failed': 'sudo refused',
  'unsupported-host': 'not supported',
  'timed-out': 'too slow',
};

/** `Debian 13`, `Ubuntu 24.04`, `Debian sid`. */
export function systemOf({os, version, codename}: {os: string; version: string; codename: string}): string {
  const name = os === '' ? 'unknown system' : `${os.charAt(0).toUpperCase()}${os.slice(1)}`;
  return `${name} ${version || codename}`.trim();
}
