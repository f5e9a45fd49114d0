import {type Diagnostic, faultAt, InputError, type SourceText} from '../model/index.js';
import {type Draft, groupOf, newDraft} from './groups.js';
import {expandRanges} from './ranges.js';
import {type LineWord, shellWords} from './shell-words.js';
import {importVariable} from './variables.js';

/**
 * An inventory in Ansible's INI format: hosts, `[group]`, `[group:vars]`, `[group:children]`. Variables that cannot be
 * used are left out with a note. Throws `InputError` with every line that it cannot have.
 */
export function parseIni(source: SourceText): Draft {
  const draft = newDraft();
  const faults: Diagnostic[] = [];
  let section: Section = {group: 'all', kind: 'hosts'};
  let offset = 0;
  for (const line of source.text.split('\n')) {
    const report = (column: number, message: string, hint?: string) => {
      faults.push(faultAt(source, offset + column, message, hint));
    };
    if (/^\s*\[/.test(line)) section = readHeader(draft, line, report) ?? section;
    else if (/^\s*[^\s#;]/.test(line)) READERS[section.kind]({draft, group: section.group, line, offset, report});
    offset += line.length + 1;
  }
  if (faults.length > 0) throw new InputError(faults);
  return draft;
}

interface Section {
  readonly group: string;
  readonly kind: 'hosts' | 'vars' | 'children';
}

type Report = (column: number, message: string, hint?: string) => void;

interface Line {
  readonly draft: Draft;
  readonly group: string;
  readonly line: string;
  readonly offset: number;
  readonly report: Report;
}

const READERS: Readonly<Record<Section['kind'], (line: Line) => void>> = {
  hosts: readHost,
  vars: readVariable,
  children: readChild,
};

function readHeader(draft: Draft, line: string, report: Report): Section | undefined {
  const [, group, kind = 'hosts'] = /^\s*\[([^\]:\s]+)(?::(hosts|vars|children))?\]\s*(?:[#;].*)?$/.exec(line) ?? [];
  if (group === undefined) {
    report(line.indexOf('['), 'this is not the head of a section', 'Write [group], [group:vars] or [group:children].');
    return undefined;
  }
  addGroup(draft, group);
  return {group, kind: kind === 'vars' || kind === 'children' ? kind : 'hosts'};
}

function addGroup(draft: Draft, name: string): void {
  groupOf(draft, name);
  if (name !== 'all') groupOf(draft, 'all').children.add(name);
}

/** `web[1:3]:2222 ansible_host=192.0.2.1 ansible_user="deploy"` */
function readHost({draft, group, line, offset, report}: Line): void {
  const [first, ...rest] = wordsOf(line, report);
  if (first === undefined) return;
  const vars = rest.flatMap(({text, at}) => {
    const [key, ...value] = text.split('=');
    if (key && value.length > 0) return [importVariable(key, value.join('='), offset + at)];
    report(at, `"${text}" is not a variable`, 'Write name=value.');
    return [];
  });
  for (const name of namesOf(first, report)) {
    const known = draft.hosts.get(name) ?? {at: offset + first.at, vars: new Map(), files: new Map()};
    for (const [key, variable] of vars) known.vars.set(key, variable);
    draft.hosts.set(name, known);
    groupOf(draft, group).hosts.add(name);
  }
}

function wordsOf(line: string, report: Report): LineWord[] {
  try {
    return shellWords(line);
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    report(line.search(/\S/), fault.message, 'Close it on the same line.');
    return [];
  }
}

function namesOf({text, at}: LineWord, report: Report): string[] {
  try {
    return expandRanges(text);
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    report(at, `"${text}": ${fault.message}`, 'Write web[1:3] for web1, web2 and web3.');
    return [];
  }
}

function readVariable({draft, group, line, offset, report}: Line): void {
  const [, key, value = ''] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  const at = line.search(/\S/);
  if (key === undefined) {
    report(at, `"${line.trim()}" is not a variable`, 'Write name=value.');
    return;
  }
  const [, quoted] = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(value)?.slice(1) ?? [];
  const plain = quoted ?? value.replace(/\s+#.*$/, '');
  groupOf(draft, group).vars.set(...importVariable(key, plain, offset + at));
}

function readChild({draft, group, line, report}: Line): void {
  const [name, more] = wordsOf(line, report);
  if (name === undefined) return;
  if (more !== undefined) report(more.at, 'a child group must be on a line of its own');
  addGroup(draft, name.text);
  groupOf(draft, group).children.add(name.text);
}
