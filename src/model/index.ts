export type {Authority, CertificateUsage, Leaf, LeafRequest} from './authority.js';
export {
  type Diagnostic,
  excerptOf,
  faultAt,
  InputError,
  type Problem,
  type SourceText,
  SpecError,
} from './diagnostic.js';
export {atLeast, type Distribution, type Version} from './distributions/distribution.js';
export {
  DISTRIBUTIONS,
  type DistributionId,
  distributionOf,
  isDistribution,
  isKnownRelease,
  KNOWN_DISTRIBUTIONS,
  KNOWN_RELEASES,
  releaseName,
  releasesWith,
  SSHD_SERVICES,
  USUAL_RELEASE,
  versionsOf,
} from './distributions/distributions.js';
export {type Failure, type FailureReason, HostError} from './failure.js';
export {
  bareAddress,
  canonicalAddress,
  covers,
  disjoint,
  isAddress,
  isHostName,
  isMailAddress,
  isPort,
  isSameAddress,
  isServerAddress,
  LOGIN_USER,
  MAX_PORT,
  type Network,
  PLAIN_NAME,
  parseClient,
  parseNetwork,
  renderNetwork,
} from './inventory/address.js';
export {
  type DatabaseFacts,
  type Facts,
  groupNamed,
  groupsOf,
  type Host,
  hostNamed,
  type InterfaceAddress,
  type Inventory,
  privateAddressOf,
  type Variables,
} from './inventory/inventory.js';
export {matchesGlob, selectHosts} from './inventory/pattern.js';
export {didYouMean, nearest} from './nearest.js';
export type {
  Diff,
  DiffBody,
  DiffDigest,
  DiffHunk,
  DiffPiece,
  DiffRow,
  DiffValue,
  Drift,
  LineEnd,
  LineRange,
} from './plan/diff.js';
export type {Listener, RunEvent} from './plan/event.js';
export {
  actionOf,
  type DueHandler,
  failedTasks,
  type HostPlan,
  hasChanges,
  type JudgedHost,
  type JudgedTask,
  type LeftOutTask,
  type LeftOver,
  type Plan,
  type PlannedAction,
  type PlannedHandler,
  type PlannedTask,
  type PlannedVerdict,
  type PlayOrder,
  type SkippedTask,
} from './plan/plan.js';
export {
  type Action,
  type Attribute,
  type AttributeChange,
  Content,
  compareStates,
  diffStates,
  findSecrets,
  hideLines,
  type SecretPart,
  type Sensitivity,
  type State,
  sameAttribute,
  sameState,
} from './plan/state.js';
export {type HostResult, newTally, type Summary, summarise, type Tally} from './plan/summary.js';
export {type Callee, calleeOf, exampleCall, missingIn, nameOf, withCallee} from './playbook/callee.js';
export * as check from './playbook/checks.js';
export type {
  DatabaseAccountDeclaration,
  DatabaseBalancerDeclaration,
  DatabaseFailoverDeclaration,
  DatabaseServerDeclaration,
  Declaration,
} from './playbook/declaration.js';
export {play, playbook} from './playbook/define-playbook.js';
export {defineRole} from './playbook/define-role.js';
export {defineTask} from './playbook/define-task.js';
export {exampleOf, ownExample, valueMeant} from './playbook/examples.js';
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
export {type Note, note, warning} from './playbook/note.js';
export {
  checkOptions,
  diagnosticOf,
  isMapped,
  type OptionsSchema,
  optionsOf,
  secondOptions,
} from './playbook/options.js';
export {valueAt} from './playbook/plain-issues.js';
export type {
  Item,
  Items,
  Play,
  Playbook,
  PlaybookContext,
  PlaybookOptions,
  PlayOptions,
  Role,
  RoleContext,
  RoleOptions,
  SecretSource,
} from './playbook/playbook.js';
export {checkRollout, type Rollout, type RolloutOptions, rolloutOf, type Share} from './playbook/rollout.js';
export {Affected, ANYTHING, ANYTHING_NEW, type Subject} from './playbook/subjects.js';
export {optionMeant} from './playbook/synonyms.js';
export {
  type Environment,
  type Expected,
  type FailedTask,
  type Guard,
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
export {type Refused, type TaskDefinition, Unknown} from './playbook/task-definition.js';
export {type Handler, TASK_OPTIONS, type TaskControl, type TaskOptions} from './playbook/task-options.js';
export {type VariablesSchema, variableFaults, withVariables} from './playbook/variables.js';
export {callSite, type Position, positionIn, renderPosition} from './position.js';
export {columnsOf, headOf, padColumns, tailOf} from './text/columns.js';
export {counted, inUtc, oneOrCounted} from './text/in-words.js';
export {
  fileLine,
  joined,
  nested,
  oneLine,
  type Piece,
  paint,
  type Shown,
  type Style,
  StyledText,
  severalLines,
  styled,
  terminalText,
} from './text/styled-text.js';
export {maskDeep, visible, visibleDeep, visibleJson, visibleLine} from './text/visible-text.js';
export {unreachable} from './unreachable.js';
