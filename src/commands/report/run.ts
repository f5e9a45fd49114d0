import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Project} from '../../local/project.js';
import {replaceFile} from '../../local/write-file.js';
import {InputError, severalLines} from '../../model/index.js';
import {keyCheck, type ParsedPlan} from '../../plans/index.js';
import {
  isRunning,
  loadRecord,
  type RunHead,
  type RunRecord,
  runsDirectory,
  unfinishedHosts,
} from '../../records/index.js';
import {renderSvg} from '../../renderers/graph/index.js';
import {type Drawing, PAGE_MARK, renderPlanReport, renderRunReport} from '../../renderers/report/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {changedSince} from '../../session/file-digests.js';
import {loadTopology} from '../../session/load-topology.js';
import {findApplied} from '../../session/saved-plan/plan-applied.js';
import {changedSources} from '../../session/saved-plan/plan-sources.js';
import {knownPlanDigest, loadPlanFile} from '../../session/saved-plan/saved-plan.js';
import {packageVersion} from '../../session/version.js';

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
    out.notice(`The page is in ${target}. It holds names of hosts and diffs, so only you can read it (mode 0600).`);
    return 0;
  });
}

/** A page, and the file that it is written to by default. */
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

/** Whether a name is that of a file: names of runs do not look like one. */
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
  const past = changed.length > 0 ? [`It can no longer be applied: ${changed.join(', ')}.`] : [];
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

/** Writes a page, whole or not at all, readable only for its owner, and never over a file that is not such a page. */
function write(file: string, text: string): void {
  const present = statSync(file, {throwIfNoEntry: false});
  if (present !== undefined && !(present.isFile() && (present.size === 0 || isPage(file)))) {
    throw new InputError([
      {message: `${file} exists and is not a page of infra report`, hint: 'Choose another name with --output.'},
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

/** The topology of a run if playbook and inventory are still those of the run; else why it is left out. */
async function drawingOfRun(root: string, head: RunHead): Promise<Drawing> {
  const changed = changedSince(head);
  if (changed.length > 0) return leftOut(`${changed.join(' and ')} changed since this run`);
  return draw(root, head.inventory.file, head.playbook.file);
}

/** The status of a saved plan in this project. */
interface PlanStanding {
  readonly drawing: Drawing;
  /** What has changed since, so that it can no longer be applied. */
  readonly changed: readonly string[];
}

/**
 * The topology of a saved plan if its playbook and inventory have not changed; else why it is left out. Code that a
 * plan names is run only if the plan was made in this project.
 */
async function standingOf(project: Project, {plan, isSealedBy}: ParsedPlan): Promise<PlanStanding> {
  const {root} = project;
  try {
    const digest = await knownPlanDigest(project);
    if (digest === undefined || keyCheck(digest) !== plan.keyCheck || !isSealedBy(digest))
      return {drawing: leftOut('the plan was not made in this project, or was changed since'), changed: []};
    const drawn = plan.files.filter(({role}) => ['playbook', 'package', 'inventory'].includes(role));
    const parting = changedSources(root, drawn, digest);
    const drawing =
      parting.length > 0 ? leftOut(`${parting.join(', ')} since the plan was made`) : await drawPlan(root, plan);
    return {drawing, changed: changedSources(root, plan.files, digest)};
  } catch (error) {
    return {drawing: leftOut(messageOf(error)), changed: []};
  }
}

async function drawPlan(root: string, {options: {inventory, playbook}}: ParsedPlan['plan']): Promise<Drawing> {
  if (typeof inventory !== 'string' || typeof playbook !== 'string') return leftOut('the plan names no files');
  return draw(root, inventory, playbook);
}

async function draw(root: string, inventory: string, playbook: string): Promise<Drawing> {
  try {
    const {topology, missing} = await loadTopology(root, inventory, playbook);
    return {svg: renderSvg(topology), missing};
  } catch (error) {
    return leftOut(messageOf(error));
  }
}

const leftOut = (reason: string): Drawing => ({because: `The drawing is left out: ${reason}.`});

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
