import {UnreadableReply} from '../../model/index.js';
import type {Reply} from '../../shell/index.js';

/** What a probe told. */
export interface Seen {
  /** The host's own architecture, `amd64`. */
  readonly architecture: string;
  readonly packages: readonly {readonly name: string; readonly status: string; readonly version: string}[];
  /** Names that installed packages provide. */
  readonly provided: ReadonlySet<string>;
  /** dpkg was stopped half way, or some package is half configured. */
  readonly interrupted: boolean;
  /** By name: the version apt would install, and all it could. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Undefined when the probe did not need to ask. */
  readonly lists: 'missing' | 'stale' | 'fresh' | undefined;
  /** What apt would remove or install to remove the named packages. */
  readonly removals: readonly string[];
}

export interface Offer {
  readonly candidate: string | undefined;
  readonly versions: readonly string[];
}

/** Parses what `installProbe` or `removeProbe` print. Throws `UnreadableReply` when dpkg itself is not in the answer. */
export function parseSeen({stdout, stderr}: Reply): Seen {
  const [known = '', ...sections] = stdout.split(/^# /m);
  const section = (name: string) => sections.find((text) => text.startsWith(`${name}\n`))?.slice(name.length + 1) ?? '';
  const packages = [...matches(known, /^([^\s:]+:[^\s:]+) (\S+) (\S*)$/gm)];
  const others = section('others');
  const architecture = packages.map(([name = '']) => /^dpkg:(.+)$/.exec(name)?.[1]).find((each) => each !== undefined);
  if (architecture === undefined) throw new UnreadableReply(`dpkg-query does not list dpkg itself: ${stderr.trim()}`);
  return {
    architecture,
    packages: packages.map(([name = '', status = '', version = '']) => ({name, status, version})),
    provided: providedIn(others),
    interrupted: /^(half-|unpacked|triggers-|interrupted)/m.test(others),
    offers: offersIn(section('policy')),
    lists: listsIn(section('lists')),
    removals: [...matches(section('removal'), /^(?:Remv|Purg|Inst) (\S+)/gm)].flat(),
  };
}

function* matches(text: string, pattern: RegExp): Generator<string[]> {
  for (const [, ...groups] of text.matchAll(pattern)) yield groups;
}

/** `installed default-mta, mail-transport-agent (= 1.2), foo:any`, a line for each package that provides something. */
function providedIn(text: string): Set<string> {
  const names = text.split('\n').filter((line) => line.startsWith('installed '));
  return new Set(
    names.flatMap((line) =>
      line
        .slice(10)
        .split(', ')
        .map((each) => each.replace(/[ :].*/, '')),
    ),
  );
}

/** `apt-cache policy`: a name, its candidate, a table with a line for each version. */
function offersIn(text: string): Map<string, Offer> {
  const blocks = text.split(/^(?=\S)/m).filter((block) => block !== '');
  return new Map(
    blocks.map((block) => {
      const candidate = /^ {2}Candidate: (\S+)$/m.exec(block)?.[1];
      const versions = [...matches(block, /^ (?:\*\*\*| {3}) (\S+) -?\d+$/gm)].flat();
      const name = block.slice(0, block.indexOf('\n')).replace(/:$/, '');
      return [name, {candidate: candidate === '(none)' ? undefined : candidate, versions}];
    }),
  );
}

function listsIn(text: string): Seen['lists'] {
  const word = text.trim();
  return word === 'missing' || word === 'stale' || word === 'fresh' ? word : undefined;
}
