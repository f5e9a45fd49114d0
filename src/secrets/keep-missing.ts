import type {Store} from './store.js';

/** A value that is in the file now, and whether it was this very call that made it. */
export interface Kept {
  readonly clear: string;
  readonly added: boolean;
}

/**
 * Sees to it that a file has values by these names. Those it lacks are made and kept, while nobody else writes; of those
 * it has, another run's too, the present value counts. Rejects with `InputError`, and then nothing has changed.
 */
export async function keepMissing(
  store: Store,
  file: string,
  makes: ReadonlyMap<string, () => Promise<string>>,
): Promise<ReadonlyMap<string, Kept>> {
  const kept = new Map<string, Kept>();
  await store.edit(file, async () => {
    const present = store.sealed(file);
    for (const [name, make] of makes) {
      const value = present.get(name);
      const clear = value ? await store.open(name, value) : await make();
      kept.set(name, {clear, added: value === undefined});
    }
    return new Map([...kept].filter(([, {added}]) => added).map(([name, {clear}]) => [name, clear]));
  });
  return kept;
}
