export type {Authority, CertificateUsage, Leaf, LeafRequest} from './authority.js';
export {type Diagnostic, InputError} from './diagnostic.js';
export {type Failure, type FailureReason, HostError} from './failure.js';
export {matchesGlob} from './glob.js';
export {
  bareAddress,
  canonicalAddress,
  covers,
  disjoint,
  isAddress,
  isSameAddress,
  type Network,
  parseClient,
  parseNetwork,
  renderNetwork,
} from './inventory/address.js';
export type {Facts, InterfaceAddress} from './inventory/facts.js';
export type {Host} from './inventory/host.js';
export type {Inventory} from './inventory/inventory.js';
export {groupNamed, groupsOf, hostNamed} from './inventory/named.js';
export {selectHosts} from './inventory/pattern.js';
export {
  isHostName,
  isMailAddress,
  isPort,
  isServerAddress,
  LOGIN_USER,
  MAX_PORT,
  PLAIN_NAME,
} from './inventory/rules.js';
export {atLeast, isKnownRelease, KNOWN_RELEASES, type Version, type Versions, versionsOf} from './inventory/suites.js';
export {didYouMean, nearest} from './nearest.js';
export {Content, type Sensitivity} from './plan/content.js';
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
} from './plan/diff.js';
export type {Drift} from './plan/drift.js';
export type {Listener, RunEvent} from './plan/event.js';
export type {DueHandler, JudgedHost, JudgedTask, LeftOutTask} from './plan/judged.js';
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
} from './plan/plan.js';
export {findSecrets, hideLines, type SecretPart} from './plan/secret-part.js';
export {
  type Action,
  type Attribute,
  type AttributeChange,
  compareStates,
  diffStates,
  type State,
  sameAttribute,
  sameState,
} from './plan/state.js';
export {type HostResult, newTally, type Summary, summarise, type Tally} from './plan/summary.js';
export {callSite, positionIn} from './playbook/call-site.js';
export * as check from './playbook/checks.js';
export {defineRole} from './playbook/define-role.js';
export {defineTask} from './playbook/define-task.js';
export type {Guard} from './playbook/guard.js';
export type {Handler} from './playbook/handler.js';
export {itemsOf} from './playbook/items.js';
export {kindOf} from './playbook/kind-of.js';
export {
  type Audience,
  audienceHosts,
  type Listening,
  type ListeningSpec,
  listens,
  type Opening,
} from './playbook/listening.js';
export {checkOptions, isMapped, type OptionsSchema, optionsOf, secondOptions} from './playbook/options.js';
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
} from './playbook/playbook.js';
export {checkRollout, type Rollout, type RolloutOptions, rolloutOf, type Share} from './playbook/rollout.js';
export {SpecError} from './playbook/spec-error.js';
export {Affected, ANYTHING, ANYTHING_NEW, type Subject} from './playbook/subjects.js';
export {optionMeant} from './playbook/synonyms.js';
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
} from './playbook/task.js';
export {type TaskDefinition, Unknown} from './playbook/task-definition.js';
export {TASK_OPTIONS, type TaskControl, type TaskOptions} from './playbook/task-options.js';
export {type Position, renderPosition} from './position.js';
export {excerptOf, faultAt, type Source} from './source.js';
export {columnsOf, headOf, padColumns, tailOf} from './text/columns.js';
export {maskDeep} from './text/mask-deep.js';
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
} from './text/styled-text.js';
export {nested, terminalText} from './text/terminal-text.js';
export {visible, visibleDeep, visibleJson, visibleLine} from './text/visible-text.js';
export {unreachable} from './unreachable.js';
export {wait} from './wait.js';
