import type {Diagnostic} from '../model/index.js';
import {type Identities, identityFile} from './identity.js';

/** There are encrypted values and no identity to open them. */
export function noIdentity(what: string): Diagnostic {
  return {
    message: `${what} is encrypted, and there is no identity here to open it`,
    hint: 'Make one and follow its advice: infra secrets init. Or name yours in INFRA_AGE_IDENTITY_FILE.',
  };
}

/** The value is not encrypted for any of our identities. */
export function notForUs(name: string, {from}: Identities): Diagnostic {
  return {
    message: `"${name}" is not encrypted for the identity in ${from}`,
    hint: 'Somebody who can read it must add yours, which infra secrets init shows: infra secrets recipients add age1…',
  };
}

/** The value was changed after it was encrypted, or cut off. */
export function damaged(name: string): Diagnostic {
  return {
    message: `the encrypted value of "${name}" is damaged`,
    hint: `Restore it from version control, or set a new one: infra secrets set ${name}`,
  };
}

/** We would write values that we could not read. */
export function notListed(file: string, {from}: Identities, keys: readonly string[]): Diagnostic {
  return {
    message: `${file} does not name the recipient of the identity in ${from}, which could not read what it writes`,
    hint: `A listed recipient can add it: infra secrets recipients add ${keys[0] ?? 'age1…'}`,
  };
}

/** What the operator has to know about an identity that was made. */
export function madeIdentity(root: string): string {
  return `Made an age identity in ${identityFile(root)}, which opens the secrets of this project. Back it up: without it \
they are lost. Git ignores it.`;
}
