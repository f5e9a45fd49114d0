/*
 * What a playbook may import: `import {play, playbook} from 'infra'`.
 */
export {z} from 'zod';
export {
  type Action,
  type Attribute,
  type Audience,
  type Authority,
  type CertificateUsage,
  Content,
  defineRole,
  defineTask,
  type Environment,
  type Facts,
  type Guard,
  type Handler,
  type Host,
  type Inventory,
  type Item,
  type Items,
  type Leaf,
  type LeafRequest,
  type Listening,
  listens,
  type Opening,
  type Play,
  type Playbook,
  type PlaybookContext,
  type PlayOptions,
  play,
  playbook,
  privateAddressOf,
  type Role,
  type RoleContext,
  type RoleOptions,
  type SecretSource,
  selectHosts,
  type Task,
  type TaskDefinition,
  type TaskOptions,
  Unknown,
  UnreadableReply,
} from './model/index.js';
export * from './roles/index.js';
export {Command, join, parseKeyValues, type Reply, raw, Secret, sh, uninterrupted} from './shell/index.js';
export * from './tasks/index.js';
