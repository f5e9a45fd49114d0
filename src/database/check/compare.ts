import {UnreadableReply} from '../../model/index.js';
import {parseRows} from '../../tasks/mysql/client.js';
import type {Chunk} from './checksum.js';
import {nameOf, type Table} from './tables.js';

/** What a chunk of one server came to. */
export interface Checksum {
  readonly rows: number;
  readonly sum: string;
}

/** Where a replica differs from its primary. */
export interface Difference {
  readonly table: string;
  /** The columns of the key with its range, such as `id > 20000 and <= 40000`; `all rows`; or what else differs. */
  readonly where: string;
  /** Undefined where the table itself or its columns differ. */
  readonly rows?: {readonly primary: number; readonly replica: number};
}

/** A chunk that differs, and how many rows each side has in it. */
export interface DifferingChunk {
  readonly chunk: Chunk;
  readonly rows: {readonly primary: number; readonly replica: number};
}

/** The checksums by the number of their chunk, of what the client of a window printed. */
export function parseChecksums(stdout: string): ReadonlyMap<number, Checksum> {
  const rows = parseRows(stdout).filter(([tag]) => tag === 'chunk');
  return new Map(
    rows.map(([, number, count, sum]) => {
      if (!/^\d+$/.test(number ?? '') || !/^\d+$/.test(count ?? '') || !/^\d+$/.test(sum ?? ''))
        throw new UnreadableReply('the database answers a checksum that is not a number');
      return [Number(number), {rows: Number(count), sum: sum ?? ''}];
    }),
  );
}

/** The chunks that differ, and those that one of both has not computed: the limit of a statement ended it. */
export function compareChunks(
  chunks: readonly Chunk[],
  primary: ReadonlyMap<number, Checksum>,
  replica: ReadonlyMap<number, Checksum>,
): {readonly differences: readonly DifferingChunk[]; readonly missing: readonly Chunk[]} {
  const differences: DifferingChunk[] = [];
  const missing: Chunk[] = [];
  for (const [number, chunk] of chunks.entries()) {
    const [one, other] = [primary.get(number), replica.get(number)];
    if (one === undefined || other === undefined) missing.push(chunk);
    else if (one.rows !== other.rows || one.sum !== other.sum)
      differences.push({chunk, rows: {primary: one.rows, replica: other.rows}});
  }
  return {differences, missing};
}

/** `id > 20000 and <= 40000` */
export function rangeOf({table, after, upTo}: Chunk): string {
  if (after === undefined && upTo === undefined) return 'all rows';
  const tuple = (values: readonly string[]) => (values.length === 1 ? values.join() : `(${values.join(', ')})`);
  const key = tuple(table.key);
  const limits = [after && `> ${tuple(after)}`, upTo && `<= ${tuple(upTo)}`].filter((each) => each !== undefined);
  return `${key} ${limits.join(' and ')}`;
}

/** Tables that only one of both has, and tables whose columns or keys differ. */
export function compareShapes(primary: readonly Table[], replica: readonly Table[]): readonly Difference[] {
  const names = [...new Set([...primary, ...replica].map(nameOf))].sort();
  return names.flatMap((table): Difference[] => {
    const [one, other] = [primary, replica].map((tables) => tables.find((each) => nameOf(each) === table));
    if (one === undefined) return [{table, where: 'the primary does not have it'}];
    if (other === undefined) return [{table, where: 'the replica does not have it'}];
    return shapeOf(one) === shapeOf(other) ? [] : [{table, where: 'its columns or its primary key differ'}];
  });
}

const shapeOf = ({columns, key}: Table) => JSON.stringify([columns.map(({name, full}) => [name, full]), key]);
