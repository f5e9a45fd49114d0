/** Colours of the drawing, in light and in dark; those of the lines follow the box that connects. */
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

/** The class of a vertex's colour: outside and addresses have theirs, kinds of hosts take turns. */
export function tintOf(kind: 'outside' | 'address' | 'hosts', index: number): string {
  if (kind === 'outside') return 't0';
  return kind === 'address' ? 't1' : `t${2 + (index % (LIGHT.tints.length - 2))}`;
}

/** The style sheet of the drawing. It names no font that would have to be loaded. */
export const STYLE = `
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
