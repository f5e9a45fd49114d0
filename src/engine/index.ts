export {applyAll} from './apply/apply-all.js';
export {checkPlays, hostsOf, playsOf} from './compile/plays.js';
export type {Selection} from './compile/select.js';
export {unknownNames} from './compile/unknown-names.js';
export type {HostRun, RunControl} from './host-run.js';
export {alreadyApplied, appliedBy} from './lock/applied-plans.js';
export {type LockControl, lockHosts} from './lock/lock.js';
export {dropPending} from './lock/pending-handlers.js';
export {type Planned, type PlanRequest, planAll} from './plan/plan-all.js';
