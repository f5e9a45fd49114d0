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

/** How every page of these begins; told apart by it from other files. */
export const PAGE_MARK = '<meta name="generator" content="infra report">';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
