import type {AnsibleResult} from './ansible.js';
import {type Figures, type Ratio, ratioOf} from './figures.js';
import type {Machine} from './machine.js';

/** All that one run of the bench found out. */
export interface Report {
  readonly before: Machine;
  readonly after: Machine;
  readonly hosts: number;
  readonly tasks: number;
  readonly floor: Figures;
  readonly infra: Figures & {readonly peakMegabytes: number};
  readonly ansible: readonly AnsibleResult[] | {readonly skipped: string};
}

/** The report as it is, with the ratios that it is about. */
export function renderJson(report: Report): string {
  return `${JSON.stringify({...report, ratios: ratiosOf(report)}, undefined, 2)}\n`;
}

export function renderReport(report: Report): string {
  const {before, after, hosts, tasks, floor, infra, ansible} = report;
  const rows = [
    ['', 'median', 'least', 'most', 'runs'],
    ['floor (one ssh call a host)', ...columns(floor)],
    ['infra plan', ...columns(infra)],
    ...('skipped' in ansible ? [] : ansible.map(({name, figures}) => [name, ...columns(figures)])),
  ];
  const ratios = ratiosOf(report).map(({name, ofMedians, least, most}) => [
    name,
    `${ofMedians.toFixed(2)}×`,
    `${least.toFixed(2)} to ${most.toFixed(2)} of runs side by side`,
  ]);
  return `Nothing to do on ${hosts} hosts, ${tasks} tasks. Seconds from start to end:

${renderTable(rows)}
${'skipped' in ansible ? `Ansible: skipped, ${ansible.skipped}.\n` : ansibleNote(ansible)}
${renderTable(ratios)}
Peak memory of infra: ${infra.peakMegabytes.toFixed(0)} MB
${renderMachine(before, after)}`;
}

type NamedRatio = Ratio & {readonly name: string};

function ratiosOf({floor, infra, ansible}: Report): NamedRatio[] {
  const others = 'skipped' in ansible ? [] : ansible;
  return [
    {name: 'infra / floor', ...ratioOf(infra, floor)},
    ...others.map((each) => ({name: `${each.name} / infra`, ...ratioOf(each.figures, each.infra)})),
  ];
}

function ansibleNote(results: readonly AnsibleResult[]): string {
  const [first] = results;
  return first ? `Ansible: ${first.tasks} tasks on ${first.hosts} hosts of the same kind that have Python.\n` : '';
}

const columns = ({median, least, most, runs}: Figures) => [
  ...[median, least, most].map((seconds) => seconds.toFixed(2)),
  String(runs.length),
];

function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
    .concat('\n');
}

function renderMachine(before: Machine, after: Machine): string {
  const load = (machine: Machine) => machine.load.map((average) => average.toFixed(1)).join(' ');
  const versions = Object.entries(before.versions).map(([name, version]) => `${name} ${version}`);
  return `Machine: ${before.cpus} × ${before.model}, shared with the hosts · load ${load(before)} before, ${load(after)} after
Versions: ${versions.join(' · ')}
`;
}
