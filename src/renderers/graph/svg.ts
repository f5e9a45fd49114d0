import {visibleDeep} from '../../model/index.js';
import {BOX, escapeXml, monoWidth, portsWidth, round, shorten, text} from './box.js';
import {layOut, type PlacedVertex} from './layout.js';
import {ARROW, LABEL_HEIGHT, type Route} from './routes.js';
import {describe, describeCommon, type OpenPorts, type Topology, type VertexLine} from './topology.js';

const HEADER = 76;
const LINE = 20;

/**
 * The topology as a self-contained SVG: it has no script, loads nothing, is light or dark as the reader prefers, and
 * has a title and a description for readers who do not see it. Texts of the user are made visible and escaped.
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

/** A box: its title, its hosts, and below a line their open ports, for which clients and why. */
function drawVertex({vertex, x, y, width, height}: PlacedVertex, tint: string): string {
  const {kind, title, lines, entries} = vertex;
  const left = x + BOX.padding;
  const top = y + BOX.gap;
  const rule = top + BOX.title + lines.length * BOX.line + BOX.gap - 2;
  const frame = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="10"`;
  const dashed = kind === 'outside' ? ' dashed' : '';
  return [
    '<g>',
    `<rect class="box" ${frame}/>`,
    `<rect class="s ${tint}${dashed}" ${frame} fill="none" stroke-width="1.5"/>`,
    text(`title f ${tint}`, left, top + 15, title),
    ...lines.flatMap((line, index) => drawLine(line, left, top + BOX.title + index * BOX.line + 13)),
    ...(entries.length > 0
      ? [`<path class="rule" d="M${round(left)} ${round(rule)}h${round(width - 2 * BOX.padding)}"/>`]
      : []),
    ...entries.flatMap((entry, index) => drawEntry(entry, left, rule + 20 + index * BOX.entry, portsWidth(entries))),
    '</g>',
  ].join('\n');
}

function drawLine({name, detail}: VertexLine, x: number, y: number): readonly string[] {
  return [text('mono text', x, y, name), ...(detail ? [text('mono soft', x + monoWidth(`${name} `), y, detail)] : [])];
}

function drawEntry({ports, because, from}: OpenPorts, x: number, y: number, indent: number): readonly string[] {
  const audience = `from ${from}`;
  return [
    text('mono text strong', x, y, ports),
    text('text', x + indent, y, shorten(because), because),
    text('soft', x + indent, y + 15, shorten(audience), audience),
  ];
}

/** The line of a link with its arrows. */
function drawRoute({path, arrows}: Route, tint: string): string {
  const points = arrows.map(({x, y, up}) => {
    const base = up ? y + ARROW : y - ARROW;
    return `<path class="f ${tint}" d="M${round(x)} ${round(y)}L${round(x - 5)} ${round(base)}h10z"/>`;
  });
  return [`<path class="line s ${tint}" d="${path}"/>`, ...points].join('\n');
}

/** The ports of a link, on a rectangle in the colour of the background, so that no line crosses them. */
function drawLabel({label}: Route, tint: string): string {
  if (label === undefined) return '';
  const {x, y, width} = label;
  const corner = `x="${round(x - width / 2)}" y="${round(y - LABEL_HEIGHT / 2)}"`;
  return [
    `<rect class="ground" ${corner} width="${round(width)}" height="${LABEL_HEIGHT}" rx="5"/>`,
    text(`mono f ${tint}" text-anchor="middle`, x, y + 4, label.text),
  ].join('\n');
}

/** Colours of the drawing, light and dark; a line has the colour of the box that it comes from. */
const LIGHT = {
  ground: '#f8fafc',
  box: '#ffffff',
  edge: '#cbd5e1',
  text: '#0f172a',
  soft: '#64748b',
  tints: ['#64748b', '#7c3aed', '#2563eb', '#047857', '#b45309', '#be123c', '#0e7490'],
};
const DARK = {
  ground: '#0f172a',
  box: '#1e293b',
  edge: '#475569',
  text: '#f1f5f9',
  soft: '#94a3b8',
  tints: ['#94a3b8', '#a78bfa', '#60a5fa', '#34d399', '#fbbf24', '#fb7185', '#22d3ee'],
};

/** The class for the colour of a vertex: clients and addresses have their own, kinds of hosts take turns. */
function tintOf(kind: 'outside' | 'address' | 'hosts', index: number): string {
  if (kind === 'outside') return 't0';
  return kind === 'address' ? 't1' : `t${2 + (index % (LIGHT.tints.length - 2))}`;
}

/** The style sheet of the drawing. It uses fonts that need not be loaded. */
const STYLE = `
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.title{font-size:14px;font-weight:600}
.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.strong{font-weight:600}
.line{fill:none;stroke-width:1.75}
.dashed{stroke-dasharray:5 4}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
${colours(DARK)}
}
`;

function colours({ground, box, edge, text, soft, tints}: typeof LIGHT): string {
  return [
    `.ground{fill:${ground}}.box{fill:${box};stroke:${edge}}.rule{stroke:${edge}}.text{fill:${text}}.soft{fill:${soft}}`,
    ...tints.map((tint, index) => `.s.t${index}{stroke:${tint}}.f.t${index}{fill:${tint}}`),
  ].join('\n');
}
