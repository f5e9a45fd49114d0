import type {Facts} from '../../src/model/index.js';
import type {Choices, ServerChoice} from '../../src/project/choices.js';
import type {Survey} from '../../src/survey/index.js';
import {choices} from '../project/choices.js';

/** A server with what is special about it; else it is all that a server should be. */
export interface Special {
  readonly server: Pick<ServerChoice, 'name' | 'address' | 'roles'> & Partial<ServerChoice>;
  readonly facts?: Partial<Facts>;
  readonly seen?: Partial<Omit<Survey, 'facts'>>;
}

/** Choices for these servers, and what was seen of them. */
export function sighted(servers: readonly Special[], more: Partial<Choices> = {}) {
  const all = choices({servers: servers.map(({server}) => server), ...more});
  return {choices: all, surveys: new Map(servers.map((each) => [each.server.name, surveyOf(each)]))};
}

function surveyOf({server: {address}, facts, seen}: Special): Survey {
  return {
    facts: {...FACTS, addresses: [address], interfaces: [{name: 'eth0', address, prefix: 24}], ...facts},
    freeBytes: 20 * 2 ** 30,
    clockSkew: 0,
    listening: [{port: 22, program: 'sshd', unit: 'ssh.service'}],
    ...seen,
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
