export {checkPlays} from './check-plays.js';
export {alreadyApplied, claimedBy} from './claim.js';
export {hostsOf} from './compile.js';
export {forgetLeftOver} from './forget.js';
export type {HostRun} from './host-run.js';
export {type Planned, type PlanRequest, planAll} from './plan-all.js';
export type {RunControl} from './run-control.js';
export {applyAll} from './schedule.js';
export type {Selection} from './select.js';
