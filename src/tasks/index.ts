export {type FileSpec, file} from './file.js';
export {type TemplateSpec, template} from './template.js';
