import {
  distributionOf,
  type Facts,
  isKnownRelease,
  KNOWN_RELEASES,
  releaseName,
  releasesWith,
  USUAL_RELEASE,
  versionsOf,
} from '../../model/index.js';
import type {ServerProblem} from '../../project/choices.js';
import {type ConcernContext, hasDatabase, type SurveyedServer} from './concern.js';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/**
 * The least that a server needs, in bytes. A machine that is sold with 1 GiB shows some 950 MiB. Memory: what the
 * programs take with the roles' settings, and apt besides. Disk: packages (MariaDB 200 MB, MySQL 500 MB), and for a
 * database its redo logs and a week of binary logs.
 */
const NEEDED = {
  web: {memory: 230 * MIB, disk: GIB, of: 'it'},
  mariadb: {memory: 450 * MIB, disk: 3 * GIB, of: 'MariaDB'},
  mysql: {memory: 900 * MIB, disk: 3 * GIB, of: 'MySQL'},
};

/** Seconds that clocks may differ: the log lines of two servers can still be matched. */
const MOST_SKEW = 30;

/** A release that infra does not know, or that has no package of the chosen database. */
export function releaseConcerns({choices, server, survey}: ConcernContext): readonly ServerProblem[] {
  const {facts} = survey;
  const {name} = server;
  const runs = `${name} runs ${releaseName(facts)}${facts.version === '' ? '' : ` (${facts.codename})`}`;
  if (!isKnownRelease(facts)) {
    const hint = `Install ${releaseName(USUAL_RELEASE)} there, or take another server: infra is made for ${KNOWN_RELEASES}.`;
    return [{server: name, message: `${runs}, which infra does not know`, hint}];
  }
  if (choices.database !== 'mysql' || !hasDatabase(server) || versionsOf(facts).mysql !== undefined) return [];
  const hint = `Choose MariaDB, or a server with ${releasesWith('mysql', 'or')}.`;
  return [{server: name, message: `${runs}, which has no MySQL`, hint}];
}

/** Too little memory or disk for the server's roles. */
export function spaceConcerns({choices, server, survey}: ConcernContext): readonly ServerProblem[] {
  const {name} = server;
  const {memory, disk, of} = NEEDED[hasDatabase(server) ? choices.database : 'web'];
  const concerns: ServerProblem[] = [];
  if (survey.facts.memory < memory) {
    concerns.push({
      server: name,
      message: `${name} has ${sizeText(survey.facts.memory)} of memory, and ${of} needs ${sizeText(memory)}`,
      hint: `Give ${name} more memory, or take another server.`,
    });
  }
  if (survey.freeBytes < disk) {
    concerns.push({
      server: name,
      message: `${name} has ${sizeText(survey.freeBytes)} left on the disk of /var, and ${of} needs ${sizeText(disk)}`,
      hint: `On ${name}, see what fills it: sudo du -xh -d 2 /var | sort -h | tail`,
    });
  }
  return concerns;
}

function sizeText(bytes: number): string {
  return bytes < GIB ? `${Math.floor(bytes / MIB)} MiB` : `${Math.floor((bytes / GIB) * 10) / 10} GiB`;
}

/**
 * Clocks that differ from the time that most of the servers and this machine agree upon; where as many agree on one
 * time as on another, this machine is right.
 */
export function clockConcerns(all: readonly SurveyedServer[]): readonly ServerProblem[] {
  const skews = [0, ...all.map(({survey}) => survey.clockSkew)];
  const right = mostAgreed(skews);
  const wrong = all.filter(({survey}) => Math.abs(survey.clockSkew - right) > MOST_SKEW);
  const isMineWrong = Math.abs(right) > MOST_SKEW;
  const others = isMineWrong ? 'those of the other servers' : "this machine's";
  return [
    ...wrong.map(({server: {name}, survey}) => ({
      server: name,
      message: `the clock of ${name} is ${distance(survey.clockSkew - right)} ${others}`,
      hint: clockHint(name, survey.facts),
    })),
    ...(isMineWrong ? [mine(right)] : []),
  ];
}

function clockHint(name: string, facts: Facts): string {
  const {install, packages} = distributionOf(facts);
  return `On ${name}: sudo ${install} ${packages.clock} && sudo timedatectl set-ntp true`;
}

/** The first of those with which most others agree. */
function mostAgreed(skews: readonly number[]): number {
  const agreeing = (skew: number) => skews.filter((other) => Math.abs(other - skew) <= MOST_SKEW).length;
  return skews.reduce((best, skew) => (agreeing(skew) > agreeing(best) ? skew : best), 0);
}

function mine(right: number): ServerProblem {
  return {
    message: `the clock of this machine is ${distance(-right)} those of the servers`,
    hint: 'Set it right, or let it follow network time: certificates are dated by it.',
  };
}

/** `5 minutes ahead of`, in the largest unit of which there are at least two. */
function distance(seconds: number): string {
  const amount = Math.abs(seconds);
  const [size, unit] = UNITS.find(([size]) => amount >= 2 * size) ?? [1, 'seconds'];
  return `${Math.round(amount / size)} ${unit} ${seconds < 0 ? 'behind' : 'ahead of'}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
];
