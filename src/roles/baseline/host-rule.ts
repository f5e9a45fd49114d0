import type {Distribution, RoleContext, Task} from '../../model/index.js';
import type {Rule} from '../shared/rules.js';

/** What the tasks of rules are made from. */
export interface RuleContext extends Pick<RoleContext, 'host' | 'inventory' | 'facts'> {
  readonly distribution: Distribution;
  /** The most that the journal takes on disk, as systemd writes sizes. */
  readonly journalSize: string;
}

/** A rule with tasks of its own. Their files name the rule in a comment where the format has comments. */
export interface HostRule extends Rule {
  tasks(rule: Rule, context: RuleContext): readonly Task[];
}
