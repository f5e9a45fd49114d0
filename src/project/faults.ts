import {isHostName, isMailAddress, LOGIN_USER} from '../model/index.js';
import type {Choices, TlsChoice} from './choices.js';
import {contentFaults} from './content-faults.js';
import type {Fault} from './fault.js';
import {roleFaults} from './role-faults.js';
import {serverFaults} from './server-faults.js';
import {virtualFaults} from './virtual-faults.js';

/** What is wrong with choices, or with how they go together; none where a project can be written. */
export function faultsOf(choices: Choices): readonly Fault[] {
  return [
    ...serverFaults(choices),
    ...roleFaults(choices),
    ...virtualFaults(choices),
    ...userFaults(choices.user),
    ...domainFaults(choices),
    ...tlsFaults(choices.tls),
    ...contentFaults(choices.content),
  ];
}

function userFaults(user: string): Fault[] {
  if (LOGIN_USER.test(user)) return [];
  return [{message: `"${user}" is not a login name`, hint: 'give the user who logs in to the servers, such as deploy'}];
}

/** ACME authorities look the name up; those of one's own take any. */
function domainFaults({domain, tls}: Choices): Fault[] {
  const hint = 'give a name such as www.example.org, without https:// and without a path';
  if (!isHostName(domain)) return [{message: `"${domain}" is not a domain`, hint}];
  if (tls.kind !== 'acme' || domain.includes('.')) return [];
  return [{message: `no public authority gives out certificates for "${domain}"`, hint}];
}

function tlsFaults(tls: TlsChoice): Fault[] {
  if (tls.kind === 'authority') return [];
  if (tls.kind === 'files') {
    const missing = (['certificate', 'key'] as const).filter((each) => tls[each] === '');
    return missing.map((each) => ({message: `no file is named for the ${each}`, hint: 'name a PEM file'}));
  }
  const {email, directory} = tls;
  return [
    ...(isMailAddress(email)
      ? []
      : [{message: `"${email}" is no mail address`, hint: 'give the one that the authority may write to'}]),
    ...(directory === undefined || (URL.canParse(directory) && directory.startsWith('https://'))
      ? []
      : [{message: `"${directory}" is no URL of an ACME directory`, hint: 'give one that begins with https://'}]),
  ];
}
