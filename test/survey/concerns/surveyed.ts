import type {Facts} from '../../../src/model/index.js';
import type {Choices, ServerChoice} from '../../../src/project/choices.js';
import type {Survey} from '../../../src/survey/index.js';
import {choices} from '../../project/choices.js';

/** A server with what is special about it; everything else is as it should be. */
export interface Special {
  readonly server: Pick<ServerChoice, 'name' | 'address' | 'roles'> & Partial<ServerChoice>;
  readonly facts?: Partial<Facts>;
  readonly found?: Partial<Omit<Survey, 'facts'>>;
}

/** Choices for these servers, and their surveys. */
export function surveyed(servers: readonly Special[], more: Partial<Choices> = {}) {
  const all = choices({servers: servers.map(({server}) => server), ...more});
  return {choices: all, surveys: new Map(servers.map((each) => [each.server.name, surveyOf(each)]))};
}

function surveyOf({server: {address}, facts, found}: Special): Survey {
  return {
    facts: {...FACTS, addresses: [address], interfaces: [{name: 'eth0', address, prefix: 24}], ...facts},
    freeBytes: 20 * 2 ** 30,
    clockSkew: 0,
    listening: [{port: 22, program: 'sshd', unit: 'ssh.service'}],
    ...found,
  };
}

const FACTS: Facts = {
  hostname: 'server',
  os: 'debian',
  codename: 'trixie',
  version: '13',
  architecture: 'amd64',
  cpus: 1,
  memory: 950 * 2 ** 20,
  addresses: [],
  interfaces: [],
  client: '192.0.2.1',
};
