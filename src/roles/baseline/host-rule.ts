import type {Host, Inventory, Task} from '../../model/index.js';
import type {Rule} from '../shared/rules.js';

/** What rules are made from. */
export interface RuleContext {
  readonly host: Host;
  readonly inventory: Inventory;
  /** `debian` or `ubuntu`. */
  readonly os: string;
  /** Most that the journal takes on disk, as systemd writes sizes. */
  readonly journalSize: string;
}

/** A rule that tasks of its own keep. Their files name it in a comment where the format knows comments. */
export interface HostRule extends Rule {
  tasks(rule: Rule, context: RuleContext): readonly Task[];
}
