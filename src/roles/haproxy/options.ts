import {z} from 'zod';
import type {OptionsSchema} from '../../model/index.js';
import {optionsOf} from '../shared/options.js';
import {type Balancer, balancerShape} from './balancer-options.js';
import {faultsOf} from './faults.js';
import {serviceShape, withPorts} from './service-options.js';

const One = optionsOf({...serviceShape, ...balancerShape});
const Many = optionsOf({
  /** Several of them, each with the options of one. */
  services: z.array(optionsOf(serviceShape)),
  ...balancerShape,
});

/** One service, or several under `services`. */
export type HaproxyOptions = z.input<typeof One> | z.input<typeof Many>;

/** Reads both ways of writing. No two services may share a port or a backend's name. */
export const balancerSchema: OptionsSchema<HaproxyOptions, Balancer> = {
  // A playbook may be JavaScript and give no options.
  safeParse: (options) =>
    (options instanceof Object && 'services' in options ? ManyServices : OneService).safeParse(options),
};

const OneService = One.transform(({maxConnections, ipv6, databases, stats, ...only}): Balancer => {
  return {services: [withPorts(only)], maxConnections, ipv6, databases, stats};
}).superRefine((balancer, {addIssue}) => {
  // The only service is written without "services", and so its faults are told.
  for (const {path, message} of faultsOf(balancer)) {
    addIssue({code: 'custom', path: path[0] === 'services' ? path.slice(2) : [...path], message});
  }
});

const ManyServices = Many.transform(({services, ...common}): Balancer => {
  return {services: services.map(withPorts), ...common};
}).superRefine((balancer, {addIssue}) => {
  for (const {path, message} of faultsOf(balancer)) addIssue({code: 'custom', path: [...path], message});
});
