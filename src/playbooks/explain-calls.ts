import {
  type Callee,
  calleeOf,
  check,
  diagnosticOf,
  exampleCall,
  exampleOf,
  kindOf,
  missingIn,
  nameOf,
  optionMeant,
  ownExample,
  valueAt,
  valueMeant,
} from '../model/index.js';
import {callAt, OPAQUE, type PlaceInCall, type WrittenText, wordAt} from './call-at.js';

/** What is wrong, and the next step. */
export interface Explained {
  readonly message?: string;
  readonly hint?: string | undefined;
}

/** A call of a constructor of this package, and what is known of the constructor. */
interface Call extends PlaceInCall {
  readonly known: Callee;
}

/** Where the compiler finds fault, in the text of a playbook. */
export interface FaultPlace {
  readonly text: string;
  readonly offset: number;
  /** What this package exports, by name. */
  readonly exported: Readonly<Record<string, unknown>>;
}

/**
 * What the compiler finds wrong with the arguments of a task or a role, in the words in which the constructor itself
 * says it, where it is written out; undefined elsewhere.
 */
export function explainCall(fault: string, place: FaultPlace): Explained | undefined {
  const count = /^Expected .*arguments?, but got (\d+)/.exec(fault);
  if (count) return wrongCount(Number(count[1]), place);
  const call = callAt(place.text, place.offset);
  if (call === undefined) return undefined;
  const known = calleeOf(place.exported[call.callee]);
  if (call.argument > 0) return secondArgument(fault, call, known);
  if (!known || /to (?:parameter of )?type 'Items?\b/.test(fault)) return undefined;
  return call.path.length > 0 ? wrongOption({...call, known}) : wrongArgument({...call, known});
}

/** How functions are called that have no options alone. */
const CALLS: Readonly<Record<string, string>> = {
  apt: "apt('nginx')",
  play: "play('web', {hosts: 'web'}, [nginx()])",
  playbook: "playbook('site', [play('web', {hosts: 'web'}, [nginx()])])",
  reload: "reload('nginx')",
  restart: "restart('nginx')",
  secret: "secret('mysql/app')",
};

/** How a function of this package is called. */
export function callOf(name: string, exported: FaultPlace['exported']): string {
  const known = calleeOf(exported[name]);
  return CALLS[name] ?? (known ? exampleCall(known) : `${name}(…)`);
}

/** Too few arguments are reported at the function, too many at the first that is too many. */
function wrongCount(count: number, {text, offset, exported}: FaultPlace): Explained {
  const word = wordAt(text, offset);
  const isFunction = /^\s*\(/.test(text.slice(offset + word.length)) && (count === 0 || word in CALLS);
  const name = isFunction ? word : (callAt(text, offset)?.callee ?? word);
  const known = calleeOf(exported[name]);
  const hint = `Write ${callOf(name, exported)}.`;
  if (!known) return {message: `${name} is called with ${count} argument${count === 1 ? '' : 's'}`, hint};
  if (isFunction) return {message: `${known.what}: its options are missing`, hint};
  return {message: `${known.what} takes one object with all its options`, hint};
}

function secondArgument(fault: string, call: PlaceInCall, known: Callee | undefined): Explained | undefined {
  const example = CALLS[call.callee];
  if (known && call.callee === 'apt' && typeof call.whole.value === 'string') {
    return {message: 'apt takes several packages as one list', hint: "Write apt(['nginx', 'haproxy'])."};
  }
  if (!/no properties in common|to parameter of type 'PlayOptions\b/.test(fault) || call.path.length > 0)
    return undefined;
  const what = known ? `${known.what}, second argument` : call.callee;
  return {
    message: `${what}: its options must be an object, not ${kindOf(call.whole.value)}`,
    hint: example && !known ? `Write ${example}.` : "Write them as {tags: 'web'}.",
  };
}

/** The argument is not an object, or an option is missing. */
function wrongArgument({known, whole}: Call): Explained | undefined {
  const {value} = whole;
  if (value === OPAQUE || (known.what === 'apt' && !check.isObject(value))) return undefined;
  if (check.isObject(value)) return firstOf(known, value, () => true);
  const name = nameOf(known.what);
  const [option, ...others] = missingIn(known);
  const more = others.map((each) => `, ${exampleOf(name, each)}`).join('');
  const isText = typeof value === 'string' && option !== undefined;
  return {
    message: `${known.what}: its options must be an object, not ${kindOf(value)}`,
    hint: isText ? `Write ${name}({${option}: ${whole.text}${more}}).` : `Write ${exampleCall(known)}.`,
  };
}

/** An option is not known or has a wrong value. */
function wrongOption({known, whole, written, path}: Call): Explained | undefined {
  const [option = ''] = path;
  const object = check.isObject(whole.value) ? whole.value : nested(path, written.value);
  const inPath = (each: readonly PropertyKey[]) => each.every((name, index) => name === (path[index] ?? name));
  const found = firstOf(known, object, (issue) => {
    const full = [...issue.path, ...(issue.keys ?? [])];
    return full[0] === option && inPath(full);
  });
  const last = path.findLast((each) => typeof each === 'string');
  const meant = typeof written.value === 'string' ? valueMeant(String(last), written.value) : undefined;
  const isUnknown = found?.message?.includes('there is no option');
  if (found?.hint === BRACKETS) return {...found, hint: ownHint(known, path) ?? inBrackets(written)};
  return found && meant && !isUnknown ? {...found, hint: meant} : found;
}

const BRACKETS = 'Put it in brackets: […].';

const inBrackets = ({text, value}: WrittenText) =>
  text.length > 40 || typeof value === 'object' ? BRACKETS : `Put it in brackets: [${text}].`;

function ownHint({what}: Callee, path: PlaceInCall['path']): string | undefined {
  const example = path.length === 1 ? ownExample(nameOf(what), String(path[0])) : undefined;
  return example && `Write ${example}.`;
}

const nested = (path: PlaceInCall['path'], value: unknown): object => {
  const [name = '', ...inner] = path;
  const below = inner.length === 0 ? value : nested(inner, value);
  return typeof name === 'number' ? [below] : {[name]: below};
};

/** The first fault that the constructor itself finds, of those that are about what is written out. */
function firstOf(known: Callee, written: object, concerns: (issue: check.Issue) => boolean): Explained | undefined {
  const isWritten = ({path}: check.Issue) =>
    path.every((_, index) => valueAt(written, path.slice(0, index + 1)) !== OPAQUE);
  const issue = known.issues(written).find((each) => isWritten(each) && concerns(each));
  if (issue === undefined) return undefined;
  const {message, hint} = diagnosticOf(issue, known.names, {what: known.what, at: NOWHERE});
  return {message, hint};
}

/** The compiler has the place. */
const NOWHERE = {file: '', line: 1, column: 1};

/** An option that is not known, in an object that is not written in a call of a constructor. */
export function unknownOption(name: string, callee: string | undefined, names: readonly string[]): Explained {
  const {message, hint} = check.unknownName(name, names);
  const usual = names.length === 0 ? undefined : hint;
  return {message, hint: optionMeant(callee ?? '', name) ?? usual};
}
