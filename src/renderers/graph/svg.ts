import {visibleDeep} from '../../model/index.js';
import {describe, describeCommon} from './describe.js';
import {drawLabel, drawRoute} from './draw-route.js';
import {drawVertex} from './draw-vertex.js';
import {layOut} from './layout.js';
import {STYLE, tintOf} from './style.js';
import type {Topology} from './topology.js';
import {escapeXml, text} from './xml.js';

const HEADER = 76;
const LINE = 20;

/**
 * The topology as an SVG that stands for itself: no script, nothing to load, light or dark as its reader has it, with a
 * title and a description for those who do not see it. Every text of the user's is visible and escaped.
 */
export function renderSvg(given: Topology): string {
  const topology = visibleDeep(given);
  const {title, everywhere} = topology;
  const notes = everywhere.map(describeCommon);
  const least = Math.max(title.length * 9, ...notes.map((note) => note.length * 6.6)) + 64;
  const below = 32 + (notes.length > 0 ? notes.length * LINE + 8 : 0);
  const {width, height, vertices, routes} = layOut(topology, {above: HEADER, below, least});
  const kinds = topology.vertices.filter(({kind}) => kind === 'hosts');
  const tints = new Map(topology.vertices.map((each) => [each.id, tintOf(each.kind, kinds.indexOf(each))]));
  const tint = (id: string) => tints.get(id) ?? 't0';
  const size = [Math.ceil(width), Math.ceil(height)] as const;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(' ')}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(describe(topology))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="100%" height="100%" rx="14"/>`,
    text('title text', 32, 40, title),
    ...routes.map((route) => drawRoute(route, tint(route.link.from))),
    ...routes.map((route) => drawLabel(route, tint(route.link.from))),
    ...vertices.map((placed) => drawVertex(placed, tint(placed.vertex.id))),
    ...notes.map((note, index) => text('soft', 32, size[1] - 28 - (notes.length - 1 - index) * LINE, note)),
    '</svg>',
    '',
  ].join('\n');
}
