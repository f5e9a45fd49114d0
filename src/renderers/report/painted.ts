import {nested, type Style, type StyledText} from '../../model/index.js';
import {escapeHtml, Html} from './html.js';

/** Painted lines. A line of one style is a block of it; `+` and `-` say the same as its colour. */
export function paintedHtml(lines: readonly StyledText[]): Html {
  return new Html(lines.map(lineHtml).join(''));
}

/** Classes of one letter. */
const CLASSES: Readonly<Record<Style, string>> = {
  green: 'a',
  red: 'd',
  cyan: 'h',
  yellow: 'w',
  bold: 'b',
  dim: 'n',
  blue: 'n',
  inverse: 'm',
};

/** A block ends its line itself. */
function lineHtml({pieces}: StyledText): string {
  const [first] = pieces[0]?.styles ?? [];
  const isBlock = BLOCKS.some((style) => style === first) && pieces.every(({styles}) => styles[0] === first);
  const end = isBlock ? ' l">' : '">';
  const text = nested(pieces, (style) => openingOf(style, end), closingOf, escapeHtml);
  return isBlock ? text : `${text}\n`;
}

const BLOCKS: readonly Style[] = ['green', 'red', 'cyan'];

const openingOf = (style: Style, end: string) => (style === 'inverse' ? '<b>' : `<i class="${CLASSES[style]}${end}`);

const closingOf = (style: Style) => (style === 'inverse' ? '</b>' : '</i>');
