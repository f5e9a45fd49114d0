/** A test or a test file, and how long it took. */
export interface Timed {
  readonly title: string;
  readonly seconds: number;
}

/** Tests out of ava's output, which leaves out times below 100 ms. */
export function parseTests(output: string): readonly Timed[] {
  return [...output.matchAll(/^ {2}[✔✘] (?:\[\w+\]: )?(.*?)(?: \((\d+m )?([\d.]+)(m?s)\))?$/gmu)].map(
    ([, title = '', minutes = '0', number = '0', unit]) => ({
      title,
      seconds: Number.parseInt(minutes, 10) * 60 + Number(number) / (unit === 'ms' ? 1000 : 1),
    }),
  );
}

/** Test files out of what `timing.ts` writes, titled as ava titles their tests. */
export function parseFiles(times: string): readonly Timed[] {
  const sums = new Map<string, number>();
  for (const [, seconds, file = ''] of times.matchAll(/^(\S+) .*\/build\/test\/(.*)\.test\.js$/gm)) {
    const title = file.replaceAll('/', ' › ');
    sums.set(title, (sums.get(title) ?? 0) + Number(seconds));
  }
  return [...sums].map(([title, seconds]) => ({title, seconds}));
}

/** The ten slowest files and tests. Where the tests of a file ran one by one, what is left are its hooks and its start. */
export function renderSlowest(files: readonly Timed[], tests: readonly Timed[]): string {
  const rows = slowest(files).map((file) => `${rowOf(file)}${outside(file, tests)}`);
  const lines = [
    'The slowest test files, with their hooks:',
    ...rows,
    'The slowest tests:',
    ...slowest(tests).map(rowOf),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function outside({title, seconds}: Timed, tests: readonly Timed[]): string {
  const own = testsOf(title, tests);
  const left = own.reduce((rest, test) => rest - test.seconds, seconds);
  return own.length > 0 && left > 0 ? ` (${left.toFixed(1)} s outside its tests)` : '';
}

/** Ava leaves out of titles what all files that it runs have in common. */
function testsOf(file: string, tests: readonly Timed[]): readonly Timed[] {
  const own = tests.filter(({title}) => title.startsWith(`${file} › `));
  const [, ...rest] = file.split(' › ');
  return own.length > 0 || rest.length === 0 ? own : testsOf(rest.join(' › '), tests);
}

const slowest = (timed: readonly Timed[]) => timed.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10);

const rowOf = ({title, seconds}: Timed) => `${seconds.toFixed(1).padStart(8)} s  ${title}`;
