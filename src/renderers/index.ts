export {DEFAULT_WIDTH, type RenderOptions, useColor} from './color.js';
export {renderFailure, renderReason} from './failure.js';
export {type LiveOptions, liveProgress, type Progress} from './live-progress.js';
export {plainProgress} from './plain-progress.js';
export {renderPlan} from './plan.js';
export {countPlan, type PlanCounts} from './plan-counts.js';
export {createProgress, type ProgressOptions} from './progress.js';
export {renderSummary} from './summary.js';
export {visible} from './text.js';
