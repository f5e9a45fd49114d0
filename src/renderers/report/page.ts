import {inUtc} from '../../model/index.js';
import {escapeHtml, Html, html} from './html.js';
import {STYLE} from './style.js';

/** A section of the page with its own heading. */
export interface Section {
  /** Letters: the id of the section in links. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** The parts of a page. */
export interface Page {
  /** The title of the window. */
  readonly title: string;
  /** What comes before the sections, with the `h1`. */
  readonly head: Html;
  readonly sections: readonly Section[];
  readonly foot: Html;
}

/** By this, a page of infra is told apart from other files. */
export const PAGE_MARK = '<meta name="generator" content="infra report">';

/**
 * The whole text of a page. It is self-contained: it has no script, can load nothing (its policy forbids it), and is
 * light or dark as the reader prefers.
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
<nav aria-label="Sections of this page"><ul>${links}</ul></nav>
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

/** The contents of the top of a page. */
interface Head {
  /** What the page shows: `infra run 20261122-103004-k7f2`. */
  readonly kind: string;
  /** The result in a sentence. */
  readonly title: string;
  readonly lead: string;
  /** Numbers and what they count. */
  readonly counts: readonly (readonly [number, string])[];
  /** Names and their values. */
  readonly facts: readonly (readonly [string, string | Html])[];
  /** What the reader must know first. */
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

/** A fact in the monospaced font: a path or a command. */
export const typed = (text: string): Html => html`<span class="m">${text}</span>`;

/** `2026-11-22 10:30:04 UTC`: a page may be read in another time zone. */
export function timeOf(iso: string): Html {
  return html`<time datetime="${iso}">${inUtc(new Date(iso))}</time>`;
}

/** The end of every page. */
export function footOf(version: string): Html {
  return html`<p>Made by infra ${version}. This page contains the names and addresses of hosts and their changes, but no secret that infra knows of: share it with the people who may read your playbooks. It loads nothing and has no script.</p>`;
}

/** The topology as an SVG that infra made, or why it cannot be shown. */
export type Drawing = {readonly svg: string; readonly missing: readonly string[]} | {readonly because: string};

/** The section of a page with the drawing. */
export function drawingSection(drawing: Drawing): Section {
  return {
    id: 'topology',
    title: 'Topology',
    body: 'svg' in drawing ? bodyOf(drawing) : html`<p>${drawing.because}</p>`,
  };
}

function bodyOf({svg, missing}: {readonly svg: string; readonly missing: readonly string[]}): Html {
  return html`${missing.map((each) => html`<p class="q">Not drawn: ${each}</p>`)}
<div class="scroll" tabindex="0" role="group" aria-label="Drawing: which hosts connect to which, and on which ports">${new Html(svg)}</div>`;
}
