import {LABEL_HEIGHT} from './labels.js';
import {ARROW, type Route} from './routes.js';
import {round, text} from './xml.js';

/** The line of a link with its arrows. */
export function drawRoute({path, arrows}: Route, tint: string): string {
  const points = arrows.map(({x, y, up}) => {
    const base = up ? y + ARROW : y - ARROW;
    return `<path class="f ${tint}" d="M${round(x)} ${round(y)}L${round(x - 5)} ${round(base)}h10z"/>`;
  });
  return [`<path class="line s ${tint}" d="${path}"/>`, ...points].join('\n');
}

/** The ports of a link, on the ground of the drawing, so that no line crosses them. */
export function drawLabel({label}: Route, tint: string): string {
  if (label === undefined) return '';
  const {x, y, width} = label;
  const corner = `x="${round(x - width / 2)}" y="${round(y - LABEL_HEIGHT / 2)}"`;
  return [
    `<rect class="ground" ${corner} width="${round(width)}" height="${LABEL_HEIGHT}" rx="5"/>`,
    text(`mono f ${tint}" text-anchor="middle`, x, y + 4, label.text),
  ].join('\n');
}
