import {type Html, html} from './html.js';

/** What stands at the top of a page. */
export interface Head {
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
