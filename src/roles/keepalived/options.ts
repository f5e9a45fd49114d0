import {z} from 'zod';
import {bareAddress, isAddress} from '../../model/index.js';
import {groupName, optionsOf} from '../shared/options.js';

const address = z
  .string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')})
  .refine(isAddress, 'must be an address such as 192.0.2.100, 192.0.2.100/24 or 2001:db8::100');

/** What balancers with a virtual address can be told. */
export const KeepalivedOptions = optionsOf({
  /**
   * The address that clients use, or several of them: they always move together. IPv4 and IPv6. Without a prefix it is
   * the address alone (/32, /128), which is all it takes in a network that the balancers are in.
   */
  address: z
    .union([address.transform((only) => [only]), z.array(address).min(1, 'is empty')])
    .refine((all) => new Set(all.map(bareAddress)).size === all.length, 'names an address twice'),
  /** The inventory group of the balancers; its order is the order in which they take over. Default `lb`. */
  group: groupName.default('lb'),
  /**
   * The number by which the balancers know each other. Default: the last byte of the first IPv4 address, else 51. Only
   * two groups of balancers that share a network *and* a balancer's address would have to differ.
   */
  virtualRouterId: z.int('must be a whole number').min(1, 'must be 1 to 255').max(255, 'must be 1 to 255').optional(),
});
