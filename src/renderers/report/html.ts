import {nested, type Shown, type Style, type StyledText, visible, visibleLine} from '../../model/index.js';

/** A text that is HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template. Texts and numbers are escaped; `false` and `undefined` become nothing. */
export type HtmlValue = Shown | Html | readonly Html[] | false | undefined;

/** HTML in which every value that is not HTML itself is text, with its control characters visible. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, index) => part + textOf(values[index])).join(''));
}

/** Lines of a file, a command or an output, with invisible characters made visible. */
export function htmlLines(lines: readonly Shown[]): Html {
  return new Html(lines.map((line) => escapeHtml(visibleLine(String(line)))).join('\n'));
}

/** Painted lines. A line with a single style becomes a block; `+` and `-` have the same meaning as its colour. */
export function paintedHtml(lines: readonly StyledText[]): Html {
  return new Html(lines.map(lineHtml).join(''));
}

/** A text escaped for HTML, also within an attribute. It must be visible already. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function textOf(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(({text}) => text).join('');
  return escapeHtml(visible(String(value)));
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

/** A block needs no line break. */
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
