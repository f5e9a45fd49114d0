import {generateKeyPairSync, randomBytes} from 'node:crypto';
import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {onHost} from './lab.js';

/** A value that stands nowhere by chance, with what quoting has to do with. */
export const newCanary = () => `canary-${randomBytes(15).toString('hex')}-'"$x`;

/** A private key in PEM: a value of several lines. */
export const newKey = () =>
  String(generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey.export({type: 'pkcs8', format: 'pem'}));

/** What must be found nowhere, one a line, however a value was written: no line of it is left, nor its base64. */
export function needlesOf(clear: string): string[] {
  const lines = clear.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
  const cores = lines.flatMap((line) => line.match(/[A-Za-z0-9]{12,}/g) ?? []);
  // Whatever stands before it, one of three alignments shows in base64; ends depend on what is next to it.
  const encoded = [0, 1, 2].map((offset) => Buffer.from('x'.repeat(offset) + clear).toString('base64'));
  const inner = encoded.flatMap((text) => text.slice(4).replaceAll(/=+$/g, '').match(/.{20}/g) ?? []);
  return [
    ...cores.map((core) => core.slice(0, 24)),
    ...inner.slice(0, 12),
    Buffer.from(clear).toString('hex').slice(0, 60),
  ];
}

/** Files below a directory that hold one of the needles. */
export async function filesWith(needles: readonly string[], directory: string): Promise<string[]> {
  const entries = await readdir(directory, {recursive: true, withFileTypes: true});
  const files = entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name));
  const found = await Promise.all(
    files.map(async (file) => [file, holds(needles, await readFile(file, 'latin1'))] as const),
  );
  return found.filter(([, held]) => held).map(([file]) => file);
}

export const holds = (needles: readonly string[], text: string) => needles.some((each) => text.includes(each));

/**
 * What a host keeps of the needles: the files of all its file systems that hold one, with mode and owner, and lines of
 * its journal.
 */
export async function keptOn(host: string, needles: readonly string[]): Promise<{files: string[]; journal: string}> {
  const {stdout, stderr, code} = await onHost(host, searchFor(needles));
  if (code !== 0) throw new Error(`the search on ${host} failed: ${stderr}`);
  const [files = '', journal = ''] = stdout.split('--- journal\n');
  return {files: files.split('\n').filter((line) => line !== ''), journal};
}

/** Reads what was written in the last two hours. The needles lie in a file of their own, which is not searched. */
function searchFor(needles: readonly string[]): string {
  return `n=$(mktemp -p /root) && trap 'rm -f "$n"' EXIT && cat >"$n" <<'END'
${needles.join('\n')}
END
find / /run /dev/shm /tmp -xdev -type f -mmin -120 ! -path "$n" -print0 | xargs -0 -r grep -aslFf "$n" | sort -u | while read -r f
do stat -c '%n %a %U %G' "$f"; done
echo '--- journal'
journalctl --no-pager --output=export --all | grep -aFf "$n" | head -20; :`;
}

/**
 * Reads all processes of this machine, those of its containers too, again and again: for needles in argument lists,
 * and in environments of others than root. Ends with what was seen.
 */
export function watchProcesses(
  needles: readonly string[],
  allowed: readonly string[] = ['0'],
): () => {rounds: number; seen: string[]} {
  const seen = new Set<string>();
  let rounds = 0;
  const look = () => {
    rounds += 1;
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
      const argv = read(`/proc/${id}/cmdline`);
      if (holds(needles, argv)) seen.add(`argv: ${argv.replaceAll('\0', ' ').slice(0, 60)}`);
      if (!holds(needles, read(`/proc/${id}/environ`))) continue;
      const user = /^Uid:\t(\d+)/m.exec(read(`/proc/${id}/status`))?.[1] ?? '0';
      if (isOurs(id) || !allowed.includes(user))
        seen.add(`environ: user ${user}, ${argv.replaceAll('\0', ' ').slice(0, 60)}`);
    }
  };
  const timer = setInterval(look, 150);
  return () => {
    clearInterval(timer);
    return {rounds, seen: [...seen]};
  };
}

/** Whether it is a process of this machine itself, and not one of a host of the lab. */
function isOurs(id: string): boolean {
  try {
    return readlinkSync(`/proc/${id}/ns/pid`) === readlinkSync('/proc/self/ns/pid');
  } catch {
    return false;
  }
}

/** Processes end while they are read. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
