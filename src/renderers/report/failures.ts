import type {Drift, Failure} from '../../model/index.js';
import {renderDrift} from '../text/diff.js';
import {lastLines, placeOf} from '../text/failure.js';
import {box, commandLines} from './changes.js';
import {Html, html, htmlLines, paintedHtml} from './html.js';

/** A failure on a host. */
export interface HostFailure {
  readonly host: string;
  readonly failure: Failure;
  /** The playbook says that the host continues. */
  readonly ignored: boolean;
}

/**
 * Failures with everything that is needed to act on them. A failure that is the same on several hosts is shown once;
 * ignored failures are last.
 */
export function renderFailures(failures: readonly HostFailure[]): Html {
  const groups = new Map<string, HostFailure[]>();
  for (const each of failures.toSorted((a, b) => Number(a.ignored) - Number(b.ignored))) {
    const key = JSON.stringify([each.ignored, each.failure]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return html`${[...groups.values()].map(renderGroup)}`;
}

function renderGroup(group: readonly HostFailure[]): Html {
  const [first] = group;
  if (first === undefined) return html``;
  const {failure, ignored} = first;
  const {task, play, reason, message, hint} = failure;
  const what = task === undefined ? reason : `${task}${play === undefined ? '' : ` (play ${play})`}`;
  const hosts = group.map(({host}) => host).join(', ');
  return html`<article class="failure${ignored ? ' ignored' : ''}">
<h3>${hosts}: ${what}</h3>
<p>${ignored ? html`<span class="changed">Ignored because of the playbook:</span> ` : html`<span class="bad">Failed:</span> `}${message}</p>
${hint !== undefined && !ignored && html`<p class="next">Next: ${new Html(htmlLines(hint.split('\n')).text)}</p>`}
${detailsOf(failure)}
</article>
`;
}

function detailsOf({at, command, exitCode, output, drift = [], task = 'it'}: Failure): Html {
  const facts = [
    ...(at ? [html`<dt>At</dt><dd class="m">${placeOf(at)}</dd>`] : []),
    ...(exitCode === undefined ? [] : [html`<dt>Exit code</dt><dd class="m">${exitCode}</dd>`]),
  ];
  return html`${facts.length > 0 && html`<dl class="facts">${facts}</dl>`}${
    command !== undefined &&
    html`<p class="q">Command:</p>${box(`Command of ${task}`, htmlLines(commandLines(command)))}`
  }${
    output?.trim() ? html`<p class="q">Output:</p>${box(`Output of ${task}`, htmlLines(lastLines(output, 60)))}` : ''
  }${drift.length > 0 && box('What differs from the plan', paintedHtml(drift.flatMap(driftLines)))}`;
}

const driftLines = (drift: Drift) => renderDrift(drift, Number.POSITIVE_INFINITY);
