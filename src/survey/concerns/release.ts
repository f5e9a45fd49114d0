import {isKnownRelease, KNOWN_RELEASES, versionsOf} from '../../model/index.js';
import {type Concern, hasDatabase, type Sighted} from '../concern.js';

/** A release that infra does not know, or that has no package of what is to be installed. */
export function releaseConcerns({choices, server, survey}: Sighted): readonly Concern[] {
  const {facts} = survey;
  const {name} = server;
  const release = [facts.os === 'ubuntu' ? 'Ubuntu' : 'Debian', facts.version, `(${facts.codename})`];
  const runs = `${name} runs ${release.filter((word) => word !== '').join(' ')}`;
  if (!isKnownRelease(facts)) {
    const hint = `Install Debian 13 there, or take another server: infra is made for ${KNOWN_RELEASES}`;
    return [{server: name, message: `${runs}, which infra does not know`, hint}];
  }
  if (choices.database !== 'mysql' || !hasDatabase(server) || versionsOf(facts).mysql !== undefined) return [];
  const hint = 'Choose MariaDB, or a server with Ubuntu';
  return [{server: name, message: `${runs}, which has no MySQL`, hint}];
}
