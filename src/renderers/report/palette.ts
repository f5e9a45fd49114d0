/** The colours of a page, by their use. */
export interface Palette {
  readonly ground: string;
  /** Behind panels, code and the drawing, which has the same background. */
  readonly panel: string;
  readonly edge: string;
  readonly text: string;
  readonly soft: string;
  readonly link: string;
  readonly good: string;
  readonly changed: string;
  readonly bad: string;
  readonly plus: string;
  readonly plusGround: string;
  readonly plusWord: string;
  readonly minus: string;
  readonly minusGround: string;
  readonly minusWord: string;
  readonly hunk: string;
  /** Of the time line. */
  readonly connecting: string;
  readonly reading: string;
  readonly task: string;
  readonly handler: string;
  readonly verifying: string;
  readonly waiting: string;
}

export const LIGHT: Palette = {
  ground: '#ffffff',
  panel: '#f8fafc',
  edge: '#cbd5e1',
  text: '#0f172a',
  soft: '#475569',
  link: '#1d4ed8',
  good: '#047857',
  changed: '#92400e',
  bad: '#b91c1c',
  plus: '#14532d',
  plusGround: '#dcfce7',
  plusWord: '#86efac',
  minus: '#7f1d1d',
  minusGround: '#fee2e2',
  minusWord: '#fca5a5',
  hunk: '#0e7490',
  connecting: '#7c3aed',
  reading: '#0e7490',
  task: '#1d4ed8',
  handler: '#b45309',
  verifying: '#047857',
  waiting: '#64748b',
};

export const DARK: Palette = {
  ground: '#0b1120',
  panel: '#0f172a',
  edge: '#334155',
  text: '#e2e8f0',
  soft: '#a3b1c6',
  link: '#93c5fd',
  good: '#34d399',
  changed: '#fbbf24',
  bad: '#fca5a5',
  plus: '#bbf7d0',
  plusGround: '#052e1b',
  plusWord: '#166534',
  minus: '#fecaca',
  minusGround: '#450a0a',
  minusWord: '#991b1b',
  hunk: '#67e8f9',
  connecting: '#a78bfa',
  reading: '#22d3ee',
  task: '#60a5fa',
  handler: '#fbbf24',
  verifying: '#34d399',
  waiting: '#94a3b8',
};

/** A foreground and its background. */
type Pair = readonly [keyof Palette, keyof Palette];

/** Texts: WCAG 2.2, 1.4.3, requires a contrast of 4.5. */
export const TEXTS: readonly Pair[] = [
  ...(['text', 'soft', 'link', 'good', 'changed', 'bad', 'hunk'] as const).flatMap((text): Pair[] => [
    [text, 'ground'],
    [text, 'panel'],
  ]),
  ['plus', 'plusGround'],
  ['plus', 'plusWord'],
  ['minus', 'minusGround'],
  ['minus', 'minusWord'],
];

/** Shapes: 1.4.11 requires a contrast of 3. */
export const SHAPES: readonly Pair[] = (
  ['connecting', 'reading', 'task', 'handler', 'verifying', 'waiting'] as const
).map((shape) => [shape, 'panel']);
