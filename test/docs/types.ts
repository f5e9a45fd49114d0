import {resolve} from 'node:path';
import {
  API,
  type Checker,
  NodeBuilderFlags,
  type Project,
  type Signature,
  SignatureKind,
  SymbolFlags,
  type Type,
  type Symbol as TypeSymbol,
} from 'typescript/unstable/sync';
import {DISTRIBUTIONS} from '../../src/model/index.js';

/** The types of this project, as its compiler knows them. */
export interface Types {
  readonly checker: Checker;
  readonly project: Project;
  /** What `src/index.ts` exports, by name. */
  readonly exports: ReadonlyMap<string, TypeSymbol>;
}

/** Opens the types of the project in a directory, has them read, and closes the compiler. Throws when it has none. */
export function withTypes<Result>(directory: string, read: (types: Types) => Result): Result {
  const api = new API({cwd: directory});
  try {
    const [project] = api.updateSnapshot({openProjects: [resolve(directory, 'tsconfig.json')]}).getProjects();
    if (project === undefined) throw new Error(`${directory} has no project of TypeScript`);
    return read({checker: project.checker, project, exports: exportsOf(project, resolve(directory, 'src/index.ts'))});
  } finally {
    api.close();
  }
}

function exportsOf({checker, program}: Project, file: string): ReadonlyMap<string, TypeSymbol> {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} exports nothing`);
  return new Map(
    checker.getExportsOfModule(module).map((each) => {
      return [each.name, each.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each];
    }),
  );
}

/** The type of a value or, for an interface, a class or an alias, what it declares. */
export function typeOf({checker}: Types, symbol: TypeSymbol): Type {
  return (
    (symbol.flags & SymbolFlags.Type ? undefined : checker.getTypeOfSymbol(symbol)) ??
    checker.getDeclaredTypeOfSymbol(symbol)
  );
}

/** How a function is called; undefined when it is none. */
export function signatureOf(types: Types, symbol: TypeSymbol): Signature | undefined {
  return types.checker.getSignaturesOfType(typeOf(types, symbol), SignatureKind.Call)[0];
}

/** A type in TypeScript's words, without the names that only matter to a compiler. */
export function nameOf({checker}: Types, type: Type): string {
  const name = checker
    .typeToString(type, undefined, FLAGS)
    .replace(/ \| undefined$/, '')
    .replace(/^\((\(.*\) => .*)\)$/, '$1');
  return spelledOut(name.replaceAll(/\{ (.*?);? \}/g, '{$1}'));
}

/** A type without the aliases that playbooks cannot import. */
export function spelledOut(name: string): string {
  return ALIASES.reduce((text, [alias, meaning]) => text.replaceAll(alias, meaning), name);
}

const ALIASES: readonly (readonly [RegExp | string, string])[] = [
  // What the compiler infers of the variables of hosts.
  [/<(?:Variables|Vars|Own|NoInfer<Vars>|\[Own\] extends \[never\] \? Vars : Own)>/g, ''],
  [/\bGiven\b/g, 'readonly Play[] | ((context: PlaybookContext) => Plays)'],
  [/\bVars\b/g, 'Variables'],
  ['VariablesSchema', 'z.object({…})'],
  ['Uint8Array<ArrayBufferLike>', 'Uint8Array'],
  ["Pick<Authority, 'certificate'>", '{certificate: string}'],
  [/\bLinePattern\b/g, 'string | RegExp'],
  ['readonly Share[]', "readonly (number | 'NN%')[]"],
  [/\bShare\b/g, "number | 'NN%'"],
  [/\bServerFamily\b/g, "'mariadb' | 'mysql'"],
  [
    /\bDistributionId\b/g,
    Object.keys(DISTRIBUTIONS)
      .map((id) => `'${id}'`)
      .join(' | '),
  ],
  [/\bPlays\b/g, 'readonly Play[] | Promise<readonly Play[]>'],
  ['readonly ShellWord[]', 'readonly (string | number | Secret | Command | readonly (string | number)[])[]'],
  [/\bMakeCommands\b/g, '(() => Promise<readonly Command[]>)'],
  [/\bRestorable\b/g, '{path: string; follow: boolean}'],
  [/\bSshSession\b/g, '{client?: string; port: number; isLetIn: (address: string) => boolean}'],
];

const FLAGS =
  NodeBuilderFlags.NoTruncation |
  NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope |
  NodeBuilderFlags.UseSingleQuotesForStringLiteralType;

/** The text of the first declaration of a symbol, comments before it left out. */
export function sourceOf({project}: Types, symbol: TypeSymbol): string {
  const [handle] = symbol.declarations;
  const node = handle?.resolve(project);
  const text = handle && project.program.getSourceFile(handle.path)?.text;
  return node === undefined || text === undefined ? '' : withoutComments(text.slice(node.pos, node.end));
}

const withoutComments = (text: string) => text.replaceAll(/\/\*\*.*?\*\//gs, '').trim();
