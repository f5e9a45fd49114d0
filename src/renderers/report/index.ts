export type {Drawing} from './page.js';
export {PAGE_MARK} from './page.js';
export {renderPlanReport} from './plan-report.js';
export {renderRunReport} from './run-report.js';
