import {counted, renderSeconds} from '../text/text.js';
import {type Html, html, htmlLines, paintedHtml} from './html.js';
import type {HostPart, PlayPart, ReportStep} from './parts.js';

/** Hosts at which a reader still wants to see the steps at once. */
const OPEN = 8;

/** What was or would be done, host by host, those with the same steps together. Hosts without any have none. */
export function renderChanges(hosts: readonly HostPart[], budget: PageBudget): Html {
  const groups = groupAlike(
    hosts.filter(({plays, skipped, notes}) => plays.length + skipped.length + notes.length > 0),
  );
  if (groups.length === 0) return html`<p>Nothing was to be done on any host.</p>`;
  return html`${groups.map((group) => renderGroup(group, groups.length <= OPEN, budget))}`;
}

/** How many parts of a host differ in nothing but times. */
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
  const rest = left > 0 ? html`<li><p>${counted(left, 'step')} left out: the page has no room for more.</p></li>` : '';
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
    output.length > 0 && html`<p class="q">It printed:</p>${box(`Output of ${name}`, htmlLines(output))}`
  }</details></li>
`;
}

/** Contents end with an empty line, which parts them from what comes after. */
const withoutEnd = (lines: ReportStep['lines']) => (String(lines.at(-1)) === '' ? lines.slice(0, -1) : lines);

/** Of a step whose details do not fit. */
function renderBare(step: ReportStep, seconds: readonly number[]): Html {
  return html`<li><p>${headOf(step, seconds)} <small>(details left out: the page has no room for more)</small></p></li>\n`;
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

/** Text that scrolls in its own box, for the keyboard too. */
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

/** Characters of steps and their details that a page holds: browsers open that at once. */
const MOST = 4_000_000;

/** Keeps a page from growing beyond what a browser opens at once, and counts what had to be left out. */
export class PageBudget {
  #free = MOST;
  #omitted = 0;

  /** How many pieces were left out. */
  get omitted(): number {
    return this.#omitted;
  }

  /** The piece if it still fits, else nothing. */
  take(piece: Html): Html | undefined {
    if (piece.text.length > this.#free) {
      this.#omitted += 1;
      return undefined;
    }
    this.#free -= piece.text.length;
    return piece;
  }
}
