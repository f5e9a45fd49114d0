import {dirname} from 'node:path/posix';
import {Content, UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, sh} from '../../shell/index.js';
import {FIREWALL_FILE, LIST, RECORD} from './file.js';
import {probeOthers, refuseOthers} from './others.js';

/** The firewall of a host. */
export interface FirewallState {
  /** Of the file. */
  readonly content: Content;
  readonly mode: string;
  readonly owner: string;
  /** What the kernel has: {@link AS_IN_FILE}, else what it has instead. */
  readonly loaded: Content | string;
  /** What the kernel had when the present file was loaded. */
  readonly record: Content;
}

export const AS_IN_FILE = 'as in the file';

/** Reads the file, and the loaded table where it is not what the file came to when it was loaded. */
export const probeFirewall: Command = sh`${probeOthers}
[ ! -d ${dirname(RECORD)} ] || [ -x ${dirname(RECORD)} ] || exec stat -- ${RECORD}
f=${FIREWALL_FILE}; h=
if [ -f "$f" ]; then
echo "owner $(stat -c '%a %U:%G' -- "$f")"
echo "content $(base64 -w0 <"$f")"
h=$(sha256sum <"$f" | cut -c 1-64)
fi
l=$(${LIST})
r=$(cat ${RECORD} 2>/dev/null)
if [ "$l" ] && [ "$r" = "# $h
$l" ]; then echo loaded
else
[ ! "$l" ] || echo "table $(printf '%s\n' "$l" | base64 -w0)"
case $r in "# $h"*) echo "record $(printf '%s\n' "$r" | base64 -w0)";; esac
fi`;

/** Throws `Refusal` where another firewall is active. */
export function parseFirewall({stdout, stderr, code}: Reply): Partial<FirewallState> | null {
  if (code !== 0) throw new UnreadableReply(stderr.trim() || `the probe ended with code ${code}`);
  const lines = stdout.split('\n').map((line) => [line.replace(/ .*/, ''), line.replace(/^\S* ?/, '')] as const);
  const answerTo = (word: string) => lines.find(([first]) => first === word)?.[1];
  refuseOthers(lines.flatMap(([word, value]) => (word === 'other' ? [value] : [])));
  const [content, table, record] = ['content', 'table', 'record'].map((word) => contentOf(answerTo(word)));
  if (content === undefined && table === undefined) return null;
  const [mode, owner] = answerTo('owner')?.split(' ') ?? [];
  return {
    ...(content && {content}),
    ...(mode && {mode: mode.padStart(4, '0')}),
    ...(owner && {owner}),
    loaded: answerTo('loaded') === undefined ? otherwise(table, record) : AS_IN_FILE,
    ...(record && {record: withoutFirstLine(record)}),
  };
}

/** The table itself only where it can be compared. */
function otherwise(table: Content | undefined, record: Content | undefined): Content | string {
  if (table === undefined) return 'nothing';
  return record === undefined ? 'not as in the file' : table;
}

function contentOf(base64: string | undefined): Content | undefined {
  return base64 === undefined ? undefined : Content.of(Buffer.from(base64, 'base64'));
}

const withoutFirstLine = ({bytes}: Content) => Content.of(String(bytes).replace(/^.*\n/, ''));
