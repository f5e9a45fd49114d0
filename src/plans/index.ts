export {type Digest, digestWith} from './digest.js';
export {findDrift, type HostOf} from './drift.js';
export type {HostRecord, PlanFile, PlanRecord} from './format.js';
export {keyCheck, type ParsedPlan, type PlanContent, parsePlan, renderPlanFile} from './plan-file.js';
export {type Recorded, type RecordOptions, recordPlan} from './record.js';
export {renderTerraformJson, type TerraformHead} from './terraform.js';
