import {setImmediate as turn} from 'node:timers/promises';
import {HostError} from '../../src/model/index.js';
import type {HostKey, Survey} from '../../src/survey/index.js';
import {openBackgroundSurvey, type ServerAccess} from '../../src/wizard/background-survey.js';
import type {Prompter} from '../../src/wizard/terminal/prompter.js';

type Answer = string | boolean | readonly string[];

/**
 * Answers questions in this order: a text (empty: the usual one), a choice by how it begins (empty: the usual one),
 * roles by name, yes and no, or the lines that are typed. `asked` keeps the questions, each with its usual answer.
 */
export function scripted(script: Answer[]) {
  const said: string[] = [];
  const asked: string[] = [];
  const next = () => script.shift() ?? 'nothing is left in the script';
  const prompter: Prompter = {
    say: (text) => void said.push(String(text)),
    text: async (message, {usual = '', refuse}) => {
      asked.push(`${message} [${usual}]`);
      const answer = String(next()) || usual;
      const reason = refuse?.(answer);
      if (reason !== undefined) throw new Error(reason);
      return answer;
    },
    choose: async (message, choices, usual) => {
      const usually = choices.find(({value}) => value === usual);
      asked.push(`${message} [${usually?.name ?? ''}]`);
      const answer = String(next());
      const found = answer === '' ? usually : choices.find(({name}) => name.startsWith(answer));
      if (!found) throw new Error(`no choice begins with ${answer}: ${choices.map(({name}) => name).join(', ')}`);
      return found.value;
    },
    mark: async (_, choices) => {
      const answer = [next()].flat();
      return choices.filter(({short, name}) => answer.includes(short ?? name)).map(({value}) => value);
    },
    confirm: async (message) => {
      asked.push(message);
      return next() === true;
    },
    lines: async (take) => {
      for (const line of [next()].flat()) said.push(String(take(String(line)) ?? ''));
    },
    wait: async (message, work) => {
      asked.push(message());
      return work;
    },
    signs: {done: '+', failed: '-', going: '...', dot: '.'},
  };
  return {prompter, asked, said: () => said.join('\n'), left: () => script.length};
}

export const KEY: HostKey = {type: 'ssh-ed25519', fingerprint: 'SHA256:abc', key: 'AAAA'};

/** What a survey finds on a Debian 13 with enough of everything. */
export function foundAt(address: string): Survey {
  return {
    facts: {
      ...{hostname: 'server', os: 'debian', codename: 'trixie', version: '13', architecture: 'amd64', cpus: 1},
      ...{memory: 2 ** 30, addresses: [address], client: '192.0.2.200'},
      interfaces: [{name: 'eth0', address, prefix: 24}],
    },
    freeBytes: 20 * 2 ** 30,
    clockSkew: 0,
    listening: [{port: 22, program: 'sshd', unit: 'ssh.service'}],
  };
}

/** What servers do, by their addresses; one that is not listed shows a known key and is surveyed. */
type Conduct = Readonly<Record<string, 'unknown key' | 'denied' | 'silent'>>;

/** A survey of servers that behave in this way, and a log of what was done to them. */
export function surveying(conduct: Conduct = {}) {
  const log: string[] = [];
  const access: ServerAccess = {
    scan: async ({address}) => {
      if (conduct[address] === 'silent') throw new HostError({reason: 'unreachable', message: `${address} is silent`});
      return [KEY];
    },
    standing: async (_, {address}) => (conduct[address] === 'unknown key' ? 'unknown' : 'known'),
    trust: async ({address}) => void log.push(`trust ${address}`),
    survey: async ({address, port = 22}, {user, identityFile = ''}) => {
      await turn();
      log.push(`${user}@${address}:${port} ${identityFile}`.trim());
      if (conduct[address] === 'denied')
        throw new HostError({
          reason: 'authentication-failed',
          message: 'the login was refused',
          hint: 'Check the key.',
        });
      return foundAt(address);
    },
  };
  return {background: openBackgroundSurvey(access), log};
}
