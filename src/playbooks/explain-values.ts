import {calleeOf, exampleOf, valueMeant} from '../model/index.js';
import {callAt, OPAQUE, type PlaceInCall, wordAt} from './call-at.js';
import {callOf, type Explained, type FaultPlace} from './explain-calls.js';
import {unknownKind} from './explain-members.js';
import {isFunctionType, membersOf, typeInWords} from './type-words.js';

/** A value of one type where another is wanted, as the compiler says it in its first line. */
export function explainValue(text: string, place: FaultPlace): Explained | undefined {
  const [line = ''] = text.split('\n');
  const [, given = '', wanted] =
    /^(?:Argument of type|Type) '(.+)' is not assignable to (?:parameter of )?type '(.+?)'\.(?: Did you mean '.*'\?)?$/.exec(
      line,
    ) ?? [];
  if (wanted === undefined) return isNoPlay(text) ? NO_PLAY : undefined;
  const call = callAt(place.text, place.offset);
  if (/^(?:Items?|readonly Play|Plays|Given)\b/.test(wanted)) return wrongItem(given, wanted, place);
  const written = call?.written.text || wordAt(place.text, place.offset);
  if (given === 'unknown') return unknownKind(written);
  if (isFunctionType(given) && !isFunctionType(wanted) && /^\w+$/.test(written)) return notCalled(written, place);
  const must = typeInWords(wanted);
  const is = typeInWords(given);
  const subject = subjectOf(call, place);
  if (must === undefined || is === undefined) return undefined;
  const hint = hintFor(given, wanted, call) ?? usualHint(call, place);
  const isOptional = membersOf(given).includes('undefined') && !membersOf(wanted).includes('undefined');
  if (isOptional) return {message: `${subject} may be undefined`, hint: `Give it another value then: ${written} ?? ….`};
  return {message: `${subject} must be ${must}, not ${is}`, hint};
}

/** An example of the option, or of the call. */
function usualHint(call: PlaceInCall | undefined, {exported}: FaultPlace): string | undefined {
  if (call === undefined) return undefined;
  const option = call.path.findLast((each) => typeof each === 'string');
  const example = option === undefined ? undefined : exampleOf(call.callee, option);
  if (example !== undefined && !example.endsWith('…')) return `Write ${example}.`;
  const usual = callOf(call.callee, exported);
  return usual.endsWith('(…)') ? undefined : `Write ${usual}.`;
}

function subjectOf(call: PlaceInCall | undefined, {exported}: FaultPlace): string {
  const path = call?.path ?? [];
  if (call === undefined || path.length === 0) return 'this';
  const name = path.map((each, index) => (typeof each === 'number' ? `[${each}]` : `${index > 0 ? '.' : ''}${each}`));
  return `${calleeOf(exported[call.callee])?.what ?? call.callee}: the option "${name.join('')}"`;
}

/** In the list of a play or a playbook, or in place of it. */
function wrongItem(given: string, wanted: string, place: FaultPlace): Explained {
  const word = wordAt(place.text, place.offset);
  if (isFunctionType(given) && word !== '') return notCalled(word, place);
  if (wanted.startsWith('Items'))
    return {message: 'a play takes a list of tasks and roles', hint: 'Put them in brackets: […].'};
  if (!wanted.startsWith('Item'))
    return {message: 'a playbook takes a list of plays', hint: 'Put them in brackets: […].'};
  if (isFunctionType(given))
    return {message: 'this function does not return tasks or roles', hint: ITEM_HINTS['a function']};
  const kind = /^(?:true|false|undefined|null)$/.test(word) ? word : (typeInWords(given) ?? 'an object');
  return {
    message: `this is ${kind}, which is neither a task nor a role`,
    hint: ITEM_HINTS[kind] ?? ITEM_HINTS[given] ?? "Write a task or a role, such as apt('nginx') or nginx().",
  };
}

const isNoPlay = (text: string) => /^Type '[^\n]+' is missing the following properties from type 'Play\b/.test(text);

const NO_PLAY = {
  message: 'this is not a play, and a playbook takes a list of plays',
  hint: "Put it in a play: play('web', {hosts: 'web'}, [nginx()]).",
};

const CONDITION = 'Write ...(condition ? [task] : []).';

const ITEM_HINTS: Readonly<Record<string, string>> = {
  'a function': 'Have the function return a task, a role or a list of them.',
  'a handler': "A task names its handlers: notify: reload('nginx').",
  'a play': 'Put the play next to other plays, not into one.',
  'a promise': 'Add await before it.',
  boolean: CONDITION,
  false: CONDITION,
  undefined: CONDITION,
};

const notCalled = (name: string, {exported}: FaultPlace): Explained => ({
  message: `${name} is a function that is not called`,
  hint: `Write ${callOf(name, exported)}.`,
});

function hintFor(given: string, wanted: string, call: PlaceInCall | undefined): string | undefined {
  const option = call?.path.findLast((each) => typeof each === 'string');
  const {text = '', value = OPAQUE} = call?.written ?? {};
  const literal = typeof value === 'string' ? value : undefined;
  const members = membersOf(wanted);
  if (/^Promise</.test(given)) return 'Add await before it.';
  const meant = /\b(?:Secret|Handler|Audience)\b/.test(wanted) && option ? valueMeant(option, literal) : undefined;
  if (meant !== undefined) return meant;
  if (members.includes('Command')) return 'Write it as sh`…`.';
  if (members.includes('number') && literal !== undefined && /^\d+$/.test(literal)) return `Write it without quotes.`;
  if (members.every((each) => /\[\]$|^undefined$/.test(each)))
    return `Put it in brackets: [${text.length > 40 ? '…' : text}].`;
  if (members.includes('string') && /^(?:number|boolean|true|false|[\d.]+)$/.test(given))
    return value === OPAQUE && call ? `Write String(${text}).` : 'Put it in quotes.';
  if (members.includes('boolean')) return 'Write true or false, without quotes.';
  if (members.every((each) => /^"|^undefined$/.test(each))) return 'Write one of these.';
  if (members.includes('number') && given === 'string') return value === OPAQUE ? `Write Number(${text}).` : undefined;
  return members.some((each) => /^\{|Record</.test(each)) ? 'Write it as {name: value}.' : undefined;
}
