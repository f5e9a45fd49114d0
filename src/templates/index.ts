export {findTemplate, loadFile} from './find.js';
export {type Rendered, renderTemplate, type TemplateRequest} from './render.js';
