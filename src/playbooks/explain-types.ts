import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {namesIn} from '../local/read-file.js';
import {calleeOf, type Diagnostic, didYouMean, type Position} from '../model/index.js';
import {callAt} from './call-at.js';
import {callOf, type Explained, explainCall, type FaultPlace, unknownOption} from './explain-calls.js';
import {explainMember} from './explain-members.js';
import {explainValue} from './explain-values.js';

/**
 * The compiler's faults in words for authors of playbooks, with a next step where one is known. The code
 * (`TS2304`) stays, to search for. `exported`: what this package exports, by name.
 */
export function explainTypes(
  faults: readonly Diagnostic[],
  exported: Readonly<Record<string, unknown>>,
): readonly Diagnostic[] {
  return faults.map((fault) => {
    const [, text = fault.message, code = ''] = /^([\s\S]*) \((TS\d+)\)$/.exec(fault.message) ?? [];
    const found = explain(meantOverload(text), placeOf(fault.at, exported), fault.at?.file ?? '');
    return found ? {...fault, message: `${found.message ?? text} (${code})`, hint: found.hint} : fault;
  });
}

function explain(text: string, place: FaultPlace, file: string): Explained | undefined {
  return (
    explainName(text, place.exported, file) ??
    explainMember(text) ??
    explainCall(text, place) ??
    explainOption(text, place) ??
    explainValue(text, place)
  );
}

/** Of a function with several signatures, what the compiler says of the last one. */
function meantOverload(text: string): string {
  if (!text.startsWith('No overload matches this call.')) return text;
  const [, last = text] = /gave the following error\.\n((?:(?!gave the following error)[\s\S])*)$/.exec(text) ?? [];
  return last.replaceAll(/^ {4}/gm, '');
}

function placeOf(at: Position | undefined, exported: FaultPlace['exported']): FaultPlace {
  const text = at === undefined ? '' : textOf(at.file);
  const lines = text.split('\n').slice(0, (at?.line ?? 1) - 1);
  return {text, offset: lines.reduce((sum, {length}) => sum + length + 1, (at?.column ?? 1) - 1), exported};
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A name, a module or an export that does not exist. */
function explainName(text: string, exported: FaultPlace['exported'], file: string): Explained | undefined {
  const [, unknown] = /^Cannot find name '(\w+)'/.exec(text) ?? [];
  if (unknown !== undefined) return unknownName(unknown, text, Object.keys(exported));
  const [, module] = /^Cannot find module '([^']+)'/.exec(text) ?? [];
  if (module !== undefined) return unknownModule(module, file);
  const [, untyped] = /^Could not find a declaration file for module '([^']+)'/.exec(text) ?? [];
  if (untyped !== undefined) {
    const hint = `Install them: npm install --save-dev @types/${untyped}`;
    return {message: `the package "${untyped}" has no types`, hint};
  }
  const [, name] = /^(?:Module )?'"infra"' has no exported member (?:named )?'(\w+)'/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const hint = didYouMean(name, Object.keys(exported));
  return {message: `"infra" has no export named "${name}"`, hint};
}

function unknownName(name: string, text: string, exported: readonly string[]): Explained {
  if (exported.includes(name))
    return {message: `"${name}" is not imported`, hint: `Add it to the import: import {${name}} from 'infra'`};
  const [, near] = /Did you mean '(\w+)'\?/.exec(text) ?? [];
  const hint = near === undefined ? didYouMean(name, exported) : `Did you mean "${near}"?`;
  return {message: `there is no "${name}"`, hint: hint ?? 'Declare it, or put it in quotes if it is text.'};
}

function unknownModule(name: string, file: string): Explained {
  if (/^\.{1,2}\//.test(name)) {
    const meant = didYouMean(name, modulesNextTo(name, file));
    return {
      message: `there is no file "${name}" next to this one`,
      hint: meant ?? 'The path starts from the directory of this file.',
    };
  }
  const ours = name.startsWith('infra/') || didYouMean(name, ['infra']) !== undefined;
  const hint = ours ? `Import everything from 'infra'.` : `Install it: npm install ${name}`;
  return {message: `there is no package "${name}"`, hint};
}

/** As they are imported: `./stack.js` for `stack.ts`. */
function modulesNextTo(name: string, file: string): string[] {
  const directory = dirname(name);
  const names = namesIn(join(dirname(file), directory)).filter((each) => /\.m?[jt]s$/.test(each));
  return names.map((each) => `${directory === '.' ? './' : `${directory}/`}${each.replace(/\.(m?)ts$/, '.$1js')}`);
}

/** An option that is not known or is missing, where its schema does not say so. */
function explainOption(text: string, {text: source, offset, exported}: FaultPlace): Explained | undefined {
  const call = callAt(source, offset);
  const unknown =
    /^Object literal may only specify known properties, (?:but|and) '([^']+)' does not exist in type '([\s\S]*?)'\.(?: Did you mean to write '(\w+)'\?)?$/.exec(
      text,
    );
  if (unknown) {
    const [, name = '', type = '', near] = unknown;
    const known = call && call.callee in exported ? `${call.callee}: ` : undefined;
    const names = [...(near === undefined ? [] : [near]), ...keysOf(type)];
    const place = [call?.callee ?? taskTypeOf(type), ...(call?.path.slice(0, -1) ?? [])];
    const {message, hint} = unknownOption(name, place.filter((each) => typeof each === 'string').join('.'), names);
    return {message: known === undefined ? `${message} here` : `${known}${message}`, hint};
  }
  const [, one, several] =
    /Property '([^']+)' is missing in type |is missing the following properties from type '[^\n]+': ([^\n.]+)/.exec(
      text,
    ) ?? [];
  const names = (one ?? several)?.split(', ');
  if (names === undefined || /(?:to|from|of) type '(?:Items?|(?:readonly )?Play)\b/.test(text)) return undefined;
  const hint = call && calleeOf(exported[call.callee]) ? `Write ${callOf(call.callee, exported)}.` : undefined;
  const quoted = names.map((name) => `"${name}"`).join(' and ');
  return {message: names.length > 1 ? `the options ${quoted} are missing` : `the option ${quoted} is missing`, hint};
}

/** `apt` of `readonly string[] | (AptSpec & TaskOptions)`. */
const taskTypeOf = (type: string) =>
  (/\b(\w+)Spec\b/.exec(type)?.[1] ?? '').replace(/^[A-Z]/, (letter) => letter.toLowerCase());

/** The outermost names of `{ name?: string | undefined; tls?: { … } | undefined; ipv6?: boolean; }`, and inner ones. */
const keysOf = (type: string) => [...type.matchAll(/(?:^|[{;]) *(?:readonly )?(\w+)\??:/g)].map(([, key = '']) => key);
