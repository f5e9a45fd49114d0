import {Html, html} from './html.js';
import type {Section} from './page.js';

/** Who connects to whom, as an SVG made here, or why it cannot be shown. */
export type Drawing = {readonly svg: string; readonly missing: readonly string[]} | {readonly because: string};

/** The part of a page with the drawing. */
export function drawingSection(drawing: Drawing): Section {
  return {
    id: 'topology',
    title: 'Topology',
    body: 'svg' in drawing ? bodyOf(drawing) : html`<p>${drawing.because}</p>`,
  };
}

function bodyOf({svg, missing}: {readonly svg: string; readonly missing: readonly string[]}): Html {
  return html`${missing.map((each) => html`<p class="q">Not drawn: ${each}</p>`)}
<div class="scroll" tabindex="0" role="group" aria-label="Drawing: who connects to whom and on which ports">${new Html(svg)}</div>`;
}
