import {actionOf, failedTasks, type PlannedAction, type PlannedHandler, type PlannedVerdict} from '../model/index.js';
import {MASK} from '../shell/index.js';
import type {HostRecord, PlanRecord, RecordedState, RecordedValue, TaskRecord} from './format.js';

/** What plan JSON says besides what would happen. */
export interface TerraformHead {
  readonly infraVersion: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * A plan in the shape of `terraform show -json` (format 1.2, developer.hashicorp.com/terraform/internals/json-format),
 * so that policies and viewers written for Terraform read it. A resource is a task: `type` and `name` are its type and
 * id, `index` is the host, `module_address` the play. What Terraform has no word for is under `infra`:
 * - a command that runs, and a handler (type `handler`), are an `update`; `infra.action` is `run` or `handler`;
 * - *known after apply* is an `update` whose `after_unknown` marks every attribute, or `state` where none is known;
 * - a secret is the text `(sensitive)`, marked in `before_sensitive` and `after_sensitive`;
 * - bytes that a plan does not hold are `{sha256, size}`;
 * - hosts that could not be planned make `errored` true and are listed in `infra.failures`, with each task that could
 *   not be read; such a task is a `no-op` with `infra.action` `failed`, as nothing would be done on its host.
 */
export function renderTerraformJson(record: PlanRecord, head: TerraformHead): string {
  const changes = new ResourceChanges(record.contents);
  const resources = record.hosts.flatMap((host) => changes.of(host));
  const failed = new Set(record.hosts.flatMap(({host, failure}) => (failure ? [host.name] : [])));
  const errored = failed.size > 0;
  const plan = {
    format_version: '1.2',
    infra_version: head.infraVersion,
    planned_values: {root_module: {resources: resources.flatMap(plannedValue)}},
    resource_drift: [],
    resource_changes: resources,
    output_changes: {},
    timestamp: head.timestamp,
    applyable: resources.some(({change, index}) => !failed.has(index) && !change.actions.includes('no-op')),
    complete: !errored,
    errored,
    infra: {playbook: record.playbook, counts: head.counts, failures: failuresIn(record)},
  };
  return `${JSON.stringify(plan, undefined, 2)}\n`;
}

interface ResourceChange {
  readonly address: string;
  readonly module_address: string;
  readonly mode: 'managed';
  readonly type: string;
  readonly name: string;
  readonly index: string;
  readonly provider_name: 'infra';
  readonly change: Change;
  readonly infra: object;
}

interface Change {
  readonly actions: readonly ('no-op' | 'create' | 'update' | 'delete')[];
  readonly before: object | null;
  readonly after: object | null;
  readonly after_unknown: object;
  readonly before_sensitive: object;
  readonly after_sensitive: object;
}

const ACTIONS: Readonly<Record<PlannedAction, Change['actions'][number]>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  run: 'update',
  unknown: 'update',
  unchanged: 'no-op',
  failed: 'no-op',
};

/** What a verdict says besides its action. */
function reasonsOf(verdict: PlannedVerdict) {
  return {
    because: verdict.type === 'unknown' ? verdict.because : undefined,
    commands: verdict.type === 'change' && verdict.commands.length > 0 ? verdict.commands : undefined,
    failure: verdict.type === 'failed' ? verdict.failure : undefined,
  };
}

class ResourceChanges {
  readonly #contents: PlanRecord['contents'];
  readonly #seen = new Map<string, number>();

  constructor(contents: PlanRecord['contents']) {
    this.#contents = contents;
  }

  of({host, tasks, handlers}: HostRecord): ResourceChange[] {
    return [
      ...tasks.map((task) => this.#task(host.name, task)),
      ...handlers.map((handler) => this.#handler(host.name, handler)),
    ];
  }

  #task(host: string, task: TaskRecord): ResourceChange {
    const {play, type, id, verdict, always, at, delegateTo} = task;
    const extension = {action: actionOf(verdict), ...reasonsOf(verdict), always, at, delegateTo};
    return {...this.#place(host, play, type, id), change: this.#change(task), infra: {host, play, ...extension}};
  }

  #handler(host: string, {play, id, because, command, recover}: PlannedHandler): ResourceChange {
    const certain = because !== 'known-after-apply';
    const change: Change = {
      actions: ['update'],
      before: {due: because === 'pending'},
      after: certain ? {runs: true} : {},
      after_unknown: certain ? {} : {runs: true},
      ...{before_sensitive: {}, after_sensitive: {}},
    };
    const extension = {action: 'handler', because, commands: [command], recover};
    return {...this.#place(host, play, 'handler', id), change, infra: {host, play, ...extension}};
  }

  /** Unique: a task that a play has twice is numbered. */
  #place(host: string, play: string, type: string, name: string) {
    const module = `module.${play}`;
    const plain = `${module}.${type}.${name}[${JSON.stringify(host)}]`;
    const count = (this.#seen.get(plain) ?? 0) + 1;
    this.#seen.set(plain, count);
    const address = count === 1 ? plain : `${plain}#${count}`;
    return {address, module_address: module, mode: 'managed', type, name, index: host, provider_name: 'infra'} as const;
  }

  #change(task: TaskRecord): Change {
    const {before, after} = task;
    const action = actionOf(task.verdict);
    const desired = action === 'update' && before && after ? {...before, ...after} : after;
    // Terraform has no state before a creation and after a deletion; an absent package is shown as a state.
    const [old, next] = [action === 'create' ? null : before, action === 'delete' ? null : desired];
    const unknown = action === 'unknown' ? Object.keys(after ?? {state: ''}) : [];
    return {
      actions: [ACTIONS[action]],
      before: this.#values(old),
      after: action === 'unknown' ? {} : this.#values(next),
      after_unknown: marks(unknown),
      before_sensitive: marks(secretsIn(old)),
      after_sensitive: marks(secretsIn(next)),
    };
  }

  #values(state: RecordedState | undefined): object | null {
    if (state === null || state === undefined) return null;
    return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, this.#value(value)]));
  }

  #value(value: RecordedValue): unknown {
    if (typeof value !== 'object' || Array.isArray(value)) return value;
    if ('sensitive' in value) return MASK;
    return 'content' in value ? this.#contents[value.content] : value;
  }
}

const marks = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));

function secretsIn(state: RecordedState | undefined): string[] {
  const isSecret = (value: RecordedValue) => typeof value === 'object' && 'sensitive' in value;
  return Object.entries(state ?? {}).flatMap(([name, value]) => (isSecret(value) ? [name] : []));
}

function plannedValue({address, mode, type, name, index, provider_name, change}: ResourceChange) {
  if (change.after === null || type === 'handler') return [];
  const common = {address, mode, type, name, index, provider_name, schema_version: 0};
  return [{...common, values: change.after, sensitive_values: change.after_sensitive}];
}

function failuresIn({hosts}: PlanRecord) {
  return hosts.flatMap((plan) => {
    const ofTasks = failedTasks(plan);
    const all = ofTasks.length > 0 || plan.failure === undefined ? ofTasks : [plan.failure];
    return all.map((each) => ({host: plan.host.name, ...each}));
  });
}
