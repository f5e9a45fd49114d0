export {holdsSecret} from './content.js';
export {cutDiff} from './cut.js';
export {describeChange, describeFile} from './describe-change.js';
export {Describer} from './describer.js';
