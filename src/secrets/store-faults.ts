import type {Diagnostic} from '../model/index.js';
import {type Identities, identityFile} from './identity.js';

/** There is something encrypted, and nothing to open it with. */
export function noIdentity(what: string): Diagnostic {
  return {
    message: `${what} is encrypted, and there is no identity here to open it`,
    hint: 'make one and follow what it says: infra secrets init; or name yours in INFRA_AGE_IDENTITY_FILE',
  };
}

/** None of our identities is among those that the value was encrypted for. */
export function notForUs(name: string, {from}: Identities): Diagnostic {
  return {
    message: `"${name}" is not encrypted for the identity in ${from}`,
    hint: 'somebody who can read it adds yours: infra secrets recipients add age1…, which infra secrets init shows you',
  };
}

export function damaged(name: string): Diagnostic {
  return {
    message: `the encrypted value of "${name}" is damaged`,
    hint: `take it from version control, or choose a new one: infra secrets set ${name}`,
  };
}

/** Whoever writes must be able to read it afterwards. */
export function notListed(file: string, {from}: Identities, keys: readonly string[]): Diagnostic {
  return {
    message: `${file} does not name the recipient of the identity in ${from}, so that what it writes it could not read`,
    hint: `somebody who is named there adds it: infra secrets recipients add ${keys[0] ?? 'age1…'}`,
  };
}

export function madeIdentity(root: string): string {
  return `Made an age identity in ${identityFile(root)}, which opens the secrets of this project. Back it up: without it \
they are lost. Git ignores it.`;
}
