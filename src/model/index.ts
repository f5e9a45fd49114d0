export {isAddress} from './address.js';
export type {Authority, CertificateUsage, Leaf, LeafRequest} from './authority.js';
export {callSite, positionIn} from './call-site.js';
export * as check from './checks.js';
export {Content, type Sensitivity} from './content.js';
export {defineRole} from './define-role.js';
export {defineTask} from './define-task.js';
export {type Diagnostic, InputError} from './diagnostic.js';
export type {
  Diff,
  DiffBody,
  DiffDigest,
  DiffHunk,
  DiffPiece,
  DiffRow,
  DiffValue,
  LineEnd,
  LineRange,
} from './diff.js';
export type {Drift} from './drift.js';
export type {Listener, RunEvent} from './event.js';
export type {Facts, InterfaceAddress} from './facts.js';
export {type Failure, type FailureReason, HostError} from './failure.js';
export {matchesGlob} from './glob.js';
export type {Guard} from './guard.js';
export type {Handler} from './handler.js';
export type {Host} from './host.js';
export type {Inventory} from './inventory.js';
export {checkItems} from './items.js';
export type {DueHandler, JudgedHost, JudgedTask, LeftOutTask} from './judged.js';
export {kindOf} from './kind-of.js';
export {type Audience, type Listening, type ListeningSpec, listens, type Opening} from './listening.js';
export {maskDeep} from './mask-deep.js';
export {didYouMean, nearest} from './nearest.js';
export {checkOptions, type OptionsSchema, optionsOf, secondOptions} from './options.js';
export {selectHosts} from './pattern.js';
export {
  actionOf,
  failedTasks,
  type HostPlan,
  hasChanges,
  type LeftOver,
  type Plan,
  type PlannedAction,
  type PlannedHandler,
  type PlannedTask,
  type PlannedVerdict,
  type PlayOrder,
  type SkippedTask,
} from './plan.js';
export {
  type Item,
  type Items,
  type Play,
  type Playbook,
  type PlaybookContext,
  type PlaybookOptions,
  type PlayOptions,
  play,
  playbook,
  type Role,
  type RoleContext,
  type RoleOptions,
  type SecretSource,
} from './playbook.js';
export {type Position, renderPosition} from './position.js';
export {checkRollout, type Rollout, type RolloutOptions, rolloutOf, type Share} from './rollout.js';
export {findSecrets, hideLines, type SecretPart} from './secret-part.js';
export {excerptOf, faultAt, type Source} from './source.js';
export {SpecError} from './spec-error.js';
export {
  type Action,
  type Attribute,
  type AttributeChange,
  compareStates,
  diffStates,
  type State,
  sameAttribute,
  sameState,
} from './state.js';
export {
  fileLine,
  joined,
  oneLine,
  type Piece,
  paint,
  type Shown,
  type Style,
  StyledText,
  severalLines,
  styled,
} from './styled-text.js';
export {Affected, ANYTHING, ANYTHING_NEW, type Subject} from './subjects.js';
export {atLeast, isKnownRelease, KNOWN_RELEASES, type Version, type Versions, versionsOf} from './suites.js';
export {type HostResult, newTally, type Summary, summarise, type Tally} from './summary.js';
export {
  type Environment,
  type Expected,
  type FailedTask,
  type Hint,
  type Judged,
  type MakeCommands,
  type Question,
  Refusal,
  type Restorable,
  type Seen,
  type Task,
  taskName,
  UnreadableReply,
  type Verdict,
} from './task.js';
export {type TaskDefinition, Unknown} from './task-definition.js';
export {TASK_OPTIONS, type TaskControl, type TaskOptions} from './task-options.js';
export {nested, terminalText} from './terminal-text.js';
export {unreachable} from './unreachable.js';
export {visible, visibleDeep, visibleJson, visibleLine} from './visible-text.js';
export {wait} from './wait.js';
