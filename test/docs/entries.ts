import type {Symbol as TypeSymbol} from 'typescript/unstable/sync';
import {SECTIONS} from './sections.js';
import {nameOf, signatureOf, type Types} from './types.js';

/**
 * The exports of each chapter, in order. Throws for an export that has no place in any, and for a name that is none.
 */
export function entriesBySection(types: Types): ReadonlyMap<string, readonly string[]> {
  const named = SECTIONS.flatMap(({entries}) => (typeof entries === 'string' ? [] : entries));
  const free = [...types.exports.keys()].filter((name) => !named.includes(name));
  const tasks = returning(types, free, 'Task');
  const roles = returning(types, free, 'Role');
  const told = parametersOf(types, [...named, ...tasks, ...roles]);
  const lost = free.filter((name) => ![...tasks, ...roles, ...told, ...PARTS].includes(name));
  const strange = named.filter((name) => !types.exports.has(name));
  if (lost.length > 0) throw new Error(`in no chapter of test/docs/sections.ts: ${lost.join(', ')}`);
  if (strange.length > 0) throw new Error(`not exported by src/index.ts: ${strange.join(', ')}`);
  const all = {tasks: tasks.sort(), roles: roles.sort()};
  return new Map(SECTIONS.map(({title, entries}) => [title, typeof entries === 'string' ? all[entries] : entries]));
}

/** Parts of options whose fields are reported where they stand. */
const PARTS = ['SysctlSetting'];

function returning(types: Types, names: readonly string[], result: string): string[] {
  return names.filter((name) => {
    const symbol = types.exports.get(name);
    const signature = symbol && signatureOf(types, symbol);
    const type = signature && types.checker.getReturnTypeOfSignature(signature);
    return type !== undefined && [result, `${result}OfHost`].includes(nameOf(types, type));
  });
}

/** Types that are reported with the function that takes them. */
function parametersOf(types: Types, names: readonly string[]): readonly string[] {
  const symbols = names.flatMap((name): TypeSymbol[] => [types.exports.get(name) ?? []].flat());
  const signatures = symbols.flatMap((symbol) => [signatureOf(types, symbol) ?? []].flat());
  return signatures.flatMap((signature) =>
    signature.getParameters().flatMap((_, index) => {
      const type = types.checker.getParameterType(signature, index);
      return type === undefined ? [] : (nameOf(types, type).match(/\b[A-Z]\w+\b/g) ?? []);
    }),
  );
}
