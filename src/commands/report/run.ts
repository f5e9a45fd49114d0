import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Project} from '../../local/project.js';
import {replaceFile} from '../../local/write-file.js';
import {InputError, severalLines} from '../../model/index.js';
import type {ParsedPlan} from '../../plans/index.js';
import {isRunning, loadRecord, type RunRecord, runsDirectory, unfinishedHosts} from '../../records/index.js';
import {PAGE_MARK, renderPlanReport, renderRunReport} from '../../renderers/report/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {findApplied} from '../../session/saved-plan/plan-applied.js';
import {loadPlanFile} from '../../session/saved-plan/saved-plan.js';
import {packageVersion} from '../../session/version.js';
import {drawingOfRun, standingOf} from './report-drawing.js';

/** Writes the page of a run, by its name, or of a saved plan, by its file. Returns the exit code. */
export function report(
  project: Project,
  name: string | undefined,
  {output}: {readonly output?: string},
): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    const {text, file} = await pageOf(project, name);
    const target = output ?? (project.stdout.isTTY ? file : '-');
    if (target === '-') {
      out.print(severalLines(text));
      return 0;
    }
    write(target, text);
    out.notice(`The page is in ${target}. It holds names of hosts and diffs: it is for you alone (mode 0600).`);
    return 0;
  });
}

/** A page, and the file that it is written to when none is named. */
interface NamedPage {
  readonly text: string;
  readonly file: string;
}

function pageOf(project: Project, name: string | undefined): Promise<NamedPage> {
  const [, run] = /^(\d{8}-\d{6}-[a-z0-9]+)\.(?:json|ndjson)$/.exec(path.basename(name ?? '')) ?? [];
  if (name !== undefined && run !== undefined) return pageOfRun(project, loadRecord(path.dirname(name), run));
  if (name !== undefined && isFileName(name)) return pageOfPlan(project, name, loadPlanFile(name));
  return pageOfRun(project, loadRecord(runsDirectory(project.root), name));
}

/** Names of runs are neither files nor look like one. */
function isFileName(name: string): boolean {
  return name.includes('/') || name.includes('.') || existsSync(name);
}

async function pageOfRun({root}: Project, record: RunRecord): Promise<NamedPage> {
  const around = {
    drawing: await drawingOfRun(root, record.head),
    goesOn: isRunning(record),
    left: unfinishedHosts(record),
    version: packageVersion(),
  };
  return {text: renderRunReport(record, around), file: `infra-report-${record.head.run}.html`};
}

async function pageOfPlan(project: Project, file: string, parsed: ParsedPlan): Promise<NamedPage> {
  const {id, madeAt, madeBy, infraVersion: madeWith, options, plan} = parsed.plan;
  const applied = findApplied(project.root, id);
  const {drawing, changed} = await standingOf(project, parsed);
  const past = changed.length > 0 ? [`It cannot be applied any more: ${changed.join(', ')}.`] : [];
  const nameOf = (option: string) => {
    const value = options[option];
    return typeof value === 'string' ? value : undefined;
  };
  const text = renderPlanReport(plan, {
    file,
    madeAt,
    madeBy,
    madeWith,
    playbook: nameOf('playbook'),
    inventory: nameOf('inventory'),
    notes: applied ? [`It was applied on ${applied.at} by ${applied.by}.`] : past,
    drawing,
    version: packageVersion(),
  });
  return {text, file: `infra-report-${path.parse(file).name}.html`};
}

/** Whole or not at all, readable for its owner alone, and never in place of something that is no such page. */
function write(file: string, text: string): void {
  const present = statSync(file, {throwIfNoEntry: false});
  if (present !== undefined && !(present.isFile() && (present.size === 0 || isPage(file)))) {
    throw new InputError([
      {message: `${file} is there and is no page of infra report`, hint: 'Choose another name with --output.'},
    ]);
  }
  try {
    replaceFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{message: `cannot write ${file}: ${reason}`, hint: 'Name another file with --output.'}]);
  }
}

const isPage = (file: string) => readFileSync(file, 'utf8').slice(0, 1000).includes(PAGE_MARK);
