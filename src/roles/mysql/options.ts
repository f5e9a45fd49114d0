import {z} from 'zod';
import {Secret} from '../../shell/index.js';
import {groupName, optionsOf, port} from '../options.js';

const count = z.int('must be a whole number').min(1, 'must be at least 1');

const secret = z.instanceof(Secret, {error: "must be a secret: secret('name') of the playbook"});

const name = z.string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')}).min(1, 'is empty');

export const ServerOptions = optionsOf({
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  port: port.default(3306),
  /** Hosts of this group take no writes but their primary's. */
  replicas: groupName.default('replica'),
  /** MiB; default an eighth of the memory, a power of two from 128 to 512. */
  bufferPool: count.min(5, 'must be at least 5').optional(),
  maxConnections: count.default(200),
  /** Longer than any replica is away; new replicas need all binary logs. */
  binlogDays: count.max(99, 'must be at most 99').default(30),
});

/** The user that replicas log in as; the same for the primary and its replicas. */
const account = {user: name.default('replicator'), password: secret};

export const PrimaryOptions = optionsOf({
  replication: optionsOf(account),
  primary: groupName.default('primary'),
  replicas: groupName.default('replica'),
  databases: z
    .array(optionsOf({name, characterSet: name.optional(), collation: name.optional()}), {error: 'must be a list'})
    .default([]),
  users: z
    .array(
      optionsOf({
        name,
        password: secret,
        /** The group whose hosts it may come from. */
        from: groupName.default('web'),
        grants: z.record(z.string(), z.array(z.string())),
      }),
      {error: 'must be a list'},
    )
    .default([]),
});

export const ReplicationOptions = optionsOf({
  ...account,
  primary: groupName.default('primary'),
  port: port.default(3306),
});
