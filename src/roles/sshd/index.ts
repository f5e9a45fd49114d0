import {z} from 'zod';
import {atLeast, defineRole, distributionOf, InputError, listens, matchesGlob, versionsOf} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {file, guardedFile, onlyWhere, packages, permissions, service} from '../../tasks/index.js';
import {MANAGED, READABLE} from '../shared/managed.js';
import {audiences, optionsOf, port} from '../shared/options.js';
import {rulesBut, withoutRules} from '../shared/rules.js';
import {activateSshd, checkSshd} from './check-sshd.js';
import {BANNER_FILE, linesOf, SSHD_RULES, type SshdFacts} from './rules.js';

const names = z
  .array(z.string('must be text').regex(/^[^\s#"]+$/, 'must be a name'), 'must be a list of names')
  .min(1, 'must not be empty: leave it out');

/** The options of sshd. */
const SshdOptions = optionsOf({
  /**
   * All ports on which it listens, 22 too. Default: unchanged, which should be the inventory's port. To move it: name
   * both ports, apply, change the inventory's port, then name the new one alone.
   */
  ports: z.array(port, 'must be a list of ports').min(1, 'needs at least one port').optional(),
  /** Who may connect, for the firewall. Default everyone, with a limited rate. */
  from: audiences.default(['any']),
  /** Only these users may log in. The user of the inventory must be one of them. */
  allowUsers: names.optional(),
  /** Only members of these groups may log in. */
  allowGroups: names.optional(),
  /** Networks that OpenSSH 9.8 and newer never delays after failed logins, such as that of the operators. */
  unpunished: names.optional(),
  /** A text that is shown before every login. Default none. */
  banner: z.string('must be text').min(1, 'is empty').optional(),
  /** Your own lines, as in sshd_config(5). They win over the rules. `Match` blocks come last. */
  extra: z.array(z.string('must be text').regex(/^[^\n]*$/, 'must be one line'), 'must be a list of lines').default([]),
  /** Rules to leave out by name. */
  without: withoutRules(SSHD_RULES),
  /** Seconds until the host undoes a change, unless a new connection succeeds. Default 30. */
  confirmWithin: z.int('must be a whole number').min(5, 'must be 5 to 3600').max(3600, 'must be 5 to 3600').default(30),
});

/** The options with all defaults. */
type SshdSettings = z.output<typeof SshdOptions>;

/**
 * sshd, hardened: keys only, current algorithms, no root login unless infra logs in as root. Its settings are in
 * `/etc/ssh/sshd_config.d/00-infra.conf`, before all others. A change is tested with the whole configuration, never
 * cuts a session, and is undone by the host itself unless a new connection proves that infra can still log in.
 *
 * `docs/hardening.md` lists the rules; `sshd({without: ['forwarding']})` leaves one out, `extra` adds your own lines.
 *
 * @example
 * sshd({from: {network: '198.51.100.0/24'}, allowUsers: ['deploy']})
 */
export const sshd = defineRole('sshd', SshdOptions, (options, {host, facts}) => {
  const {banner, allowUsers, ports = [], confirmWithin} = options;
  if (allowUsers && !allowUsers.some((name) => matchesGlob(name.replace(/@.*/, ''), host.user))) {
    const message = `role sshd: allowUsers does not have ${host.user}, the user of infra on ${host.name}`;
    throw new InputError([{message, hint: `Add '${host.user}' to allowUsers.`}]);
  }
  const {packages: names, services, sshdSettings} = distributionOf(facts);
  const login = {user: host.user, client: facts.client, ports: [...ports].sort((left, right) => left - right)};
  return [
    packages(names.sshd),
    ...(banner === undefined ? [] : [file({path: BANNER_FILE, content: `${banner.trimEnd()}\n`, ...READABLE})]),
    guardedFile({
      path: `/etc/ssh/sshd_config.d/${FILE}`,
      name: 'sshd',
      content: renderSshd(options, {
        openssh: versionsOf(facts).openssh,
        asRoot: host.user === 'root',
        banner: banner !== undefined,
        ownSettings: sshdSettings,
      }),
      ...PRIVATE,
      sensitive: false,
      validate: (path) => checkSshd(FILE, path, login, services.sshd),
      activate: activateSshd(services.sshd),
      seconds: confirmWithin,
    }),
    // CIS 5.1.1 and 5.1.2, dev-sec sshd-05: only root reads the configuration and the host's private keys.
    permissions({path: '/etc/ssh/sshd_config', most: '0600', owner: 'root', group: 'root'}),
    ...['ecdsa', 'ed25519', 'rsa'].map((kind) =>
      permissions({path: `/etc/ssh/ssh_host_${kind}_key`, most: '0600', owner: 'root', group: 'root'}),
    ),
    // Where systemd listens for sshd, the service is not enabled and does not run between logins.
    onlyWhere(sh`! systemctl is-enabled --quiet ${`${services.sshd}.socket`}`, service({name: services.sshd})),
    listens({tcp: ports.length > 0 ? ports : host.port, from: options.from, because: 'SSH'}),
  ];
});

const FILE = '00-infra.conf';

const PRIVATE = {mode: '0600', owner: 'root', group: 'root'} as const;

/**
 * The text of sshd's file. sshd takes the first value that it reads, so the user's lines come before the rules, and a
 * rule leaves out the keywords that the user sets. `Match` blocks come last, since they extend to the end of the file.
 */
function renderSshd(options: SshdSettings, facts: SshdFacts): string {
  const match = options.extra.findIndex((line) => /^\s*match\s/i.test(line));
  const own = match < 0 ? options.extra : options.extra.slice(0, match);
  const blocks = match < 0 ? [] : options.extra.slice(match);
  const taken = own.map((line) => line.trim().split(/[\s=]/)[0]?.toLowerCase() ?? '');
  const rules = rulesBut(SSHD_RULES, options.without).map((rule) => linesOf(rule, facts, taken));
  return [HEAD, section(own), access(options, facts), ...rules, section(blocks)].join('');
}

const HEAD = `${MANAGED}# sshd takes the first value that it reads: this file comes before the others and before sshd_config.
`;

function section(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n# From the playbook.\n${lines.map((line) => `${line}\n`).join('')}`;
}

function access({ports = [], allowUsers, allowGroups, unpunished}: SshdSettings, {openssh}: SshdFacts): string {
  const lines = [
    ...ports.map((port) => `Port ${port}`),
    ...(allowUsers ? [`AllowUsers ${allowUsers.join(' ')}`] : []),
    ...(allowGroups ? [`AllowGroups ${allowGroups.join(' ')}`] : []),
    ...(unpunished && atLeast(openssh, [9, 8]) ? [`PerSourcePenaltyExemptList ${unpunished.join()}`] : []),
  ];
  return lines.length === 0 ? '' : `\n# Ports, and who may log in.\n${lines.join('\n')}\n`;
}
