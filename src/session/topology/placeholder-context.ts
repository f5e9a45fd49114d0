import type {Inventory, PlaybookContext} from '../../model/index.js';
import {Secret} from '../../shell/index.js';

/**
 * What a playbook gets that is loaded to be looked at: each secret is the same placeholder, and the authority has no
 * certificate and issues none. So nothing is opened, generated or written.
 */
export function placeholderContext(inventory: Inventory): PlaybookContext {
  const secret = new Secret('a-placeholder-and-not-a-secret-x', true);
  return {
    inventory,
    secret: () => secret,
    authority: async () => ({
      certificate: PLACEHOLDER,
      issue: async () => {
        throw new Error('a placeholder of an authority issues no certificate');
      },
    }),
  };
}

const PLACEHOLDER = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
