export {holdsSecret} from './content.js';
export {cutDiff, describeChange, describeFile} from './describe-change.js';
export {Describer} from './describer.js';
