export {applyAll} from './apply/schedule.js';
export {checkPlays} from './compile/check-plays.js';
export {hostsOf} from './compile/compile.js';
export type {Selection} from './compile/select.js';
export type {HostRun} from './host-run.js';
export {alreadyApplied, claimedBy} from './lock/applied-plans.js';
export {forgetLeftOver} from './lock/drop-pending.js';
export {type Planned, type PlanRequest, planAll} from './plan/plan-all.js';
export type {RunControl} from './run-control.js';
