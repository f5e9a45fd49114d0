import {BOX, monoWidth, portsWidth, shorten} from './box.js';
import type {PlacedVertex} from './layout.js';
import type {Entry, Line} from './topology.js';
import {round, text} from './xml.js';

/** A box: what it is, its hosts, and under a rule what they have open, for whom and what for. */
export function drawVertex({vertex, x, y, width, height}: PlacedVertex, tint: string): string {
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

function drawLine({name, detail}: Line, x: number, y: number): readonly string[] {
  return [text('mono text', x, y, name), ...(detail ? [text('mono soft', x + monoWidth(`${name} `), y, detail)] : [])];
}

function drawEntry({ports, because, from}: Entry, x: number, y: number, indent: number): readonly string[] {
  const whom = `from ${from}`;
  return [
    text('mono text strong', x, y, ports),
    text('text', x + indent, y, shorten(because), because),
    text('soft', x + indent, y + 15, shorten(whom), whom),
  ];
}
