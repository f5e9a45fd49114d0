import {type Document, isMap, isScalar, LineCounter, parseDocument, Scalar, YAMLMap} from 'yaml';
import {type Diagnostic, InputError} from '../model/index.js';
import {readPrivate, replacePrivate} from './private-file.js';

type Passwords = ReadonlyMap<string, string>;

/**
 * The passwords in a file of `name: "password"` lines, none if there is no file. Throws `InputError` when others may
 * read it or when it is damaged, naming the line but never showing it.
 */
export function loadPasswords(file: string): Passwords {
  return parsePasswords(readPrivate(file) ?? '', file).passwords;
}

/**
 * Keeps a new password under a name that the file does not hold yet, all else in it as it was. Gives the password that
 * counts: another one if another run kept it there meanwhile.
 */
export function addPassword(file: string, name: string, password: string): {password: string; added: boolean} {
  const {document, passwords} = parsePasswords(readPrivate(file) ?? '', file);
  const meanwhile = passwords.get(name);
  if (meanwhile !== undefined) return {password: meanwhile, added: false};
  const quoted = new Scalar(password);
  quoted.type = Scalar.QUOTE_DOUBLE;
  if (document.contents === null) document.contents = new YAMLMap();
  document.set(name, quoted);
  replacePrivate(file, document.toString({lineWidth: 0}));
  return {password, added: true};
}

function parsePasswords(text: string, file: string): {document: Document; passwords: Passwords} {
  const lineCounter = new LineCounter();
  // Widened: an empty file has no contents yet.
  const document: Document = parseDocument(text, {prettyErrors: false, lineCounter});
  const faults: Diagnostic[] = [];
  const report = (offset: number, message: string, hint: string) => {
    const {line, col} = lineCounter.linePos(offset);
    faults.push({message, at: {file, line, column: col}, hint});
  };
  // The parser's own words can quote the line.
  for (const {code, pos} of document.errors) report(pos[0], FAULTS[code] ?? 'this line is damaged', MEND);
  const passwords = passwordsOf(document, report);
  if (faults.length > 0) throw new InputError(faults);
  return {document, passwords};
}

const MEND = 'mend the file by hand; it is not overwritten';

const FAULTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name is given twice',
  TAB_AS_INDENT: 'a tab where YAML wants spaces',
};

function passwordsOf({contents}: Document, report: (offset: number, message: string, hint: string) => void): Passwords {
  const passwords = new Map<string, string>();
  if (contents !== null && !isMap(contents))
    report(contents.range?.[0] ?? 0, 'this is no list of name: "password" lines', MEND);
  for (const {key, value} of isMap(contents) ? contents.items : []) {
    const name = isScalar(key) ? key.value : undefined;
    const password = isScalar(value) ? value.value : undefined;
    if (typeof name === 'string' && typeof password === 'string') passwords.set(name, password);
    else
      report(
        (isScalar(key) ? key.range?.[0] : undefined) ?? 0,
        'this is no name with a text',
        'write name: "password", in quotes',
      );
  }
  return passwords;
}
