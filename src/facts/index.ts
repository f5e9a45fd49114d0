export {factsProbe, parseFacts} from './facts.js';
