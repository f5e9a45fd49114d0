import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import {textOrSecret} from '../shared/checks.js';
import {
  changeEdit,
  desireEdit,
  EDIT_OPTIONS,
  type Edit,
  type EditOptions,
  parseEdit,
  prepareEdit,
  probeEdit,
} from '../shared/edit-file.js';
import {refusePath} from '../shared/path.js';
import {type Bytes, bytesOf, INSERT_PLACE, type InsertPlace, insertLines} from '../shared/text-lines.js';

export interface BlockSpec extends EditOptions, InsertPlace {
  /** Names the block among those of the file. One line. */
  readonly name: string;
  /** The lines between the markers. A line break at the end is ignored. */
  readonly block?: string | Secret | undefined;
  /** Marker lines; `{mark}` becomes BEGIN and END. Default `# {mark} infra: NAME`. */
  readonly marker?: string | undefined;
}

/**
 * Lines of a file between two marker lines, with the meaning of Ansible's `blockinfile`: replaced where the markers
 * are, else inserted. `absent` deletes them with their markers. The file keeps mode, owner and everything else in it.
 *
 * @example
 * block({path: '/etc/hosts', name: 'databases', block: '192.0.2.21 db1\n192.0.2.22 db2'})
 */
export const block = defineTask({
  type: 'block',
  options: optionsOf<BlockSpec>({
    name: check.text,
    block: check.optional(textOrSecret),
    marker: check.optional(check.text),
    ...EDIT_OPTIONS,
    ...INSERT_PLACE,
  }),
  id: ({path, name}: BlockSpec) => `${path}: ${name}`,
  restores: ({path}) => ({path, follow: true}),
  refuse: (spec) => refusePath(spec.path) ?? refuseBlock(spec),
  prepare: (spec: BlockSpec) => prepareEdit(spec, spec.block, editOf(spec)),
  probe: probeEdit,
  parse: parseEdit,
  desire: desireEdit,
  change: changeEdit,
  affects: ({path}) => [path],
});

function refuseBlock(spec: BlockSpec): string | undefined {
  const {begin, end} = markers(spec);
  if (spec.block === undefined && spec.state !== 'absent') return 'give the block';
  if (begin === end) return 'the marker must hold {mark}';
  if (begin.includes('\n')) return 'name and marker must not hold a line break';
  if (linesOf(spec).some((each) => each === begin || each === end)) return 'the block holds its own marker line';
  if (spec.insertAfter !== undefined && spec.insertBefore !== undefined)
    return 'give insertAfter or insertBefore, not both';
  return undefined;
}

function editOf(spec: BlockSpec): Edit['edit'] {
  const {begin, end} = markers(spec);
  const block = spec.state === 'absent' ? [] : [begin, ...linesOf(spec), end];
  return (lines) => {
    const first = lines.indexOf(begin);
    const last = lines.indexOf(end, Math.max(0, first));
    if (first < 0 && last < 0) return insertLines(lines, block, spec);
    if (first < 0 || last < 0 || lines.lastIndexOf(begin) !== first || lines.lastIndexOf(end) !== last) {
      throw new UnreadableReply(`${spec.path}: the markers of block ${spec.name} are not one pair; fix them by hand`);
    }
    return lines.toSpliced(first, last - first + 1, ...block);
  };
}

function linesOf({block = ''}: BlockSpec): Bytes[] {
  const text = (block instanceof Secret ? block.reveal() : block).replace(/\n$/, '');
  return text === '' ? [] : bytesOf(text).split('\n');
}

function markers({name, marker = `# {mark} infra: ${name}`}: BlockSpec): {begin: Bytes; end: Bytes} {
  return {begin: bytesOf(marker.replace('{mark}', 'BEGIN')), end: bytesOf(marker.replace('{mark}', 'END'))};
}
