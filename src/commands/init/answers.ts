import {type Diagnostic, InputError} from '../../model/index.js';
import {
  type Answers,
  importInventory,
  importSshHosts,
  loadAnswers,
  mergeAnswers,
  type Parsed,
  parseFingerprint,
  parseServers,
  QUESTIONS,
} from '../../wizard/index.js';

/** What `infra init` takes. Every question has an option of its name. */
export interface InitOptions extends Partial<Record<keyof Answers, string>> {
  readonly server?: readonly string[];
  readonly import?: string;
  readonly sshConfig?: string;
  readonly hostKey?: readonly string[];
  readonly connect?: boolean;
  readonly answers?: string;
  readonly yes?: boolean;
}

/**
 * The answers that the command line gives, over those of the files that it names. Rejects with `InputError` with every
 * fault of the flags at once.
 */
export async function givenAnswers(addresses: readonly string[], options: InitOptions, notice: (text: string) => void) {
  const file = options.answers === undefined ? {} : loadAnswers(options.answers);
  const found = [
    ...(options.import === undefined ? [] : [importInventory(options.import)]),
    ...(options.sshConfig === undefined
      ? []
      : [await importSshHosts(options.sshConfig.split(/[\s,]+/).filter(Boolean))]),
  ];
  for (const {notes} of found) for (const note of notes) notice(note);
  const imported = found.map(({answers}) => answers);
  return mergeAnswers(...imported, file, readFlags(addresses, options, mergeAnswers(...imported, file)));
}

const ONE_USER = {
  message: 'several login users are named',
  hint: 'All servers have one: give it with --user. Others can be set in the inventory afterwards.',
};

function readFlags(addresses: readonly string[], options: InitOptions, before: Answers): Answers {
  const faults: Diagnostic[] = [];
  const taken = <T>(flag: string, parsed: Parsed<T>): T | undefined => {
    if (!('fault' in parsed)) return parsed.value;
    faults.push({message: `${flag}: ${parsed.fault.message}`, hint: parsed.fault.hint});
    return undefined;
  };
  const named = [...addresses, ...(options.server ?? [])].map(parseServers);
  for (const fault of named.flatMap((each) => each.faults)) taken('servers', {fault});
  const servers = named.flatMap((each) => each.servers);
  const users = new Set(servers.flatMap(({user}) => user ?? []));
  if (users.size > 1) taken('servers', {fault: ONE_USER});
  const keys = (options.hostKey ?? []).flatMap((text) => taken('--host-key', parseFingerprint(text)) ?? []);
  const answers: Answers = {...(servers.length > 0 && {servers}), ...(keys.length > 0 && {hostKeys: keys})};
  for (const {name, flag, parse} of QUESTIONS) {
    const text = options[name];
    if (text !== undefined)
      Object.assign(answers, taken(flag.split(' ')[0] ?? flag, parse(text, {...before, ...answers})));
  }
  if (faults.length > 0) throw new InputError(faults);
  return answers;
}
