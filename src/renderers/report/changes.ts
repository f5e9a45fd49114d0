import {counted} from '../../model/index.js';
import {renderSeconds} from '../text/text.js';
import {type Html, html, htmlLines, paintedHtml} from './html.js';
import type {HostPart, PlayPart, ReportStep} from './parts.js';

/** Up to this number of groups of hosts, their steps are unfolded. */
const OPEN = 8;

/** The steps of each host, with hosts that have the same steps together. Hosts without steps are left out. */
export function renderChanges(hosts: readonly HostPart[], budget: PageBudget): Html {
  const groups = groupAlike(
    hosts.filter(({plays, skipped, notes}) => plays.length + skipped.length + notes.length > 0),
  );
  if (groups.length === 0) return html`<p>There are no changes on any host.</p>`;
  return html`${groups.map((group) => renderGroup(group, groups.length <= OPEN, budget))}`;
}

/** Hosts that differ in nothing but times. */
type Alike = readonly [HostPart, ...HostPart[]];

function groupAlike(hosts: readonly HostPart[]): readonly Alike[] {
  const groups = new Map<string, [HostPart, ...HostPart[]]>();
  for (const part of hosts) {
    const key = JSON.stringify({...part, host: ''}, (name, value) => (name === 'seconds' ? undefined : value));
    const group = groups.get(key);
    if (group) group.push(part);
    else groups.set(key, [part]);
  }
  return [...groups.values()];
}

/** Names in a title; the list of hosts has all of them. */
const NAMES = 10;

function renderGroup(group: Alike, open: boolean, budget: PageBudget): Html {
  const [{tone, status, story, plays, skipped, notes}] = group;
  const names = group.slice(0, NAMES).map(({host}) => host);
  const more = group.length > NAMES ? ` and ${group.length - NAMES} more` : '';
  const body = html`${notes.map((note) => html`<p class="note">${note}</p>`)}${plays.map((play, index) =>
    renderPlay(
      play,
      group.flatMap((part) => part.plays[index] ?? []),
      budget,
    ),
  )}${renderSkipped(skipped)}`;
  return html`<details class="host"${open ? html` open` : ''}><summary><h3>${names.join(', ')}${more}</h3> <span class="${tone}">${status}</span> <small>${story}</small></summary>
<div>${body}</div></details>
`;
}

function renderPlay({play, note, steps}: PlayPart, alike: readonly PlayPart[], budget: PageBudget): Html {
  const pieces = steps.map((step, index) => {
    const seconds = alike.flatMap((each) => each.steps[index]?.seconds ?? []);
    return budget.take(renderStep(step, seconds)) ?? budget.take(renderBare(step, seconds));
  });
  const left = pieces.filter((piece) => piece === undefined).length;
  const rest = left > 0 ? html`<li><p>${counted(left, 'step')} left out to keep the page small.</p></li>` : '';
  return html`<h4>play ${play}</h4>${note !== undefined && html`<p class="q">${note}</p>`}
<ol class="steps">${pieces.flatMap((piece) => piece ?? [])}${rest}</ol>
`;
}

function renderStep(step: ReportStep, seconds: readonly number[]): Html {
  const {name, lines, commands, output} = step;
  const shown = lines.length > 0 ? [] : commands;
  if (lines.length + shown.length + output.length === 0) return html`<li><p>${headOf(step, seconds)}</p></li>\n`;
  return html`<li><details class="step"><summary>${headOf(step, seconds)}</summary>${
    lines.length > 0 && box(`What changes in ${name}`, paintedHtml(withoutEnd(lines)))
  }${shown.length > 0 && box(`Commands of ${name}`, htmlLines(shown.flatMap(commandLines)))}${
    output.length > 0 && html`<p class="q">Output:</p>${box(`Output of ${name}`, htmlLines(output))}`
  }</details></li>
`;
}

/** Contents end with an empty line, which separates them from what follows. */
const withoutEnd = (lines: ReportStep['lines']) => (String(lines.at(-1)) === '' ? lines.slice(0, -1) : lines);

/** Of a step whose details do not fit. */
function renderBare(step: ReportStep, seconds: readonly number[]): Html {
  return html`<li><p>${headOf(step, seconds)} <small>(details left out to keep the page small)</small></p></li>\n`;
}

function headOf({sign, tone, name, verb}: ReportStep, seconds: readonly number[]): Html {
  const time = seconds.length > 0 ? ` in ${rangeOf(seconds)}` : '';
  return html`<span class="sign ${tone}" aria-hidden="true">${sign}</span> <code>${name}</code> <small>${verb}${time}</small>`;
}

/** `0.4s`, or `0.4s to 2.1s` on several hosts. */
function rangeOf(seconds: readonly number[]): string {
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map(renderSeconds);
  return least === most ? `${most}` : `${least} to ${most}`;
}

/** Text in a box that scrolls, also with the keyboard. */
export function box(label: string, content: Html): Html {
  return html`<pre tabindex="0" role="group" aria-label="${label}"><code>${content}</code></pre>`;
}

export function commandLines(command: string): readonly string[] {
  return command.split('\n').map((line, index) => `${index === 0 ? '$' : ' '} ${line}`);
}

function renderSkipped(skipped: readonly string[]): Html | undefined {
  if (skipped.length === 0) return undefined;
  const items = skipped.map((each) => html`<li>${each}</li>`);
  return html`<details class="quiet"><summary>${counted(skipped.length, 'task')} skipped</summary><ul class="skipped">${items}</ul></details>`;
}

/** Characters of steps and their details on a page: browsers open as many at once. */
const MOST = 4_000_000;

/** Limits the size of a page to what a browser opens at once, and counts what was left out. */
export class PageBudget {
  #free = MOST;
  #omitted = 0;

  /** The number of pieces that were left out. */
  get omitted(): number {
    return this.#omitted;
  }

  /** The piece if it fits, else undefined. */
  take(piece: Html): Html | undefined {
    if (piece.text.length > this.#free) {
      this.#omitted += 1;
      return undefined;
    }
    this.#free -= piece.text.length;
    return piece;
  }
}
