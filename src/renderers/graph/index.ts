export type {ListeningHost} from './make-topology.js';
export {topologyOf} from './make-topology.js';
export {renderMermaid} from './mermaid.js';
export {renderSvg} from './svg.js';
export type {Topology} from './topology.js';
