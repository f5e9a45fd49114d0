import {escapeHtml, Html, html} from './html.js';
import {STYLE} from './style.js';

/** A part of the page under a heading of its own. */
export interface Section {
  /** Letters; it names the part in links. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** What a page consists of. */
export interface Page {
  /** Of the window, and what this is a page of. */
  readonly title: string;
  /** What stands before the parts, with the `h1`. */
  readonly head: Html;
  readonly sections: readonly Section[];
  readonly foot: Html;
}

/** How every page of these begins; told apart by it from other files. */
export const PAGE_MARK = '<meta name="generator" content="infra report">';

/**
 * The whole text of a page. It stands for itself: it has no script, may load nothing at all (its policy forbids it), and
 * is light or dark as its reader has it.
 */
export function renderPage({title, head, sections, foot}: Page): string {
  const links = sections.map(({id, title: name}) => html`<li><a href="#${id}">${name}</a></li>`);
  const parts = sections.map(
    ({id, title: name, body}) => html`<section id="${id}" aria-labelledby="${id}-h">
<h2 id="${id}-h">${name}</h2>
${body}
</section>
`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(escapeHtml(POLICY))}">
<meta name="generator" content="infra report">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
${head}
<nav aria-label="Parts of this page"><ul>${links}</ul></nav>
</header>
<main id="main" tabindex="-1">
${parts}</main>
<footer>
${foot}
</footer>
</body>
</html>
`.text;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What stands at the top of a page. */
interface Head {
  /** What it is a page of: `Run 20261122-103004-k7f2`. */
  readonly kind: string;
  /** How it came out, in a sentence. */
  readonly title: string;
  readonly lead: string;
  /** A number and what it counts. */
  readonly counts: readonly (readonly [number, string])[];
  /** A name and what it is. */
  readonly facts: readonly (readonly [string, string | Html])[];
  /** What the reader must know before reading on. */
  readonly notes: readonly string[];
}

export function renderHead({kind, title, lead, counts, facts, notes}: Head): Html {
  return html`<p class="kind">${kind}</p>
<h1>${title}</h1>
<p class="lead">${lead}</p>
${notes.map((note) => html`<p class="note">${note}</p>`)}
<ul class="counts">${counts.map(([count, what]) => html`<li><b>${count}</b> ${what}</li>`)}</ul>
<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** A fact as it was typed. */
export const typed = (text: string): Html => html`<span class="m">${text}</span>`;

/** `2026-11-22 10:30:04 UTC`: a page is read in other places than the one it was made in. */
export function timeOf(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

/** At the end of every page. */
export function footOf(version: string): Html {
  return html`<p>Made by infra ${version}. The page holds names and addresses of hosts and what changes on them, and no secret that infra knows of: share it as you would your playbooks. It loads nothing and has no script.</p>`;
}

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
