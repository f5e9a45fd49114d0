export {callSite, positionIn} from './call-site.js';
export {Content, type Sensitivity} from './content.js';
export {defineRole, type OptionsSchema} from './define-role.js';
export {defineTask, SpecError, type TaskDefinition, type TaskOptions, Unknown} from './define-task.js';
export {type Diagnostic, InputError} from './diagnostic.js';
export {type Action, type Attribute, type AttributeChange, diffStates, type State, sameAttribute} from './diff.js';
export type {Drift} from './drift.js';
export type {Listener, RunEvent} from './event.js';
export type {Facts} from './facts.js';
export {type Failure, type FailureReason, HostError} from './failure.js';
export type {Host} from './host.js';
export type {Inventory} from './inventory.js';
export {didYouMean, nearest} from './nearest.js';
export {selectHosts} from './pattern.js';
export {type HostPlan, hasChanges, type Plan, type PlannedHandler, type PlannedTask} from './plan.js';
export {
  type Item,
  type Items,
  type Play,
  type Playbook,
  type PlaybookContext,
  type PlayOptions,
  play,
  playbook,
  type Role,
  type RoleContext,
} from './playbook.js';
export {type Position, renderPosition} from './position.js';
export {findSecrets, hideLines, type SecretPart} from './secret-part.js';
export {excerptOf, faultAt, type Source} from './source.js';
export {type HostResult, type Summary, summarise} from './summary.js';
export {
  type Environment,
  type Handler,
  type Question,
  type Seen,
  type Task,
  taskName,
  UnreadableReply,
  type Verdict,
} from './task.js';
export {unreachable} from './unreachable.js';
