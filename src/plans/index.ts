export {type Digest, digestWith} from './digest.js';
export {findDrift, type HostOf} from './drift.js';
export type {HostRecord, PlanFile, PlanRecord} from './format.js';
export {type ParsedPlan, parsePlan} from './parse.js';
export {type Recorded, type Recording, recordPlan} from './record.js';
export {keyCheck, type PlanContent, renderPlanFile} from './render.js';
export {renderTerraformJson, type TerraformHead} from './terraform.js';
