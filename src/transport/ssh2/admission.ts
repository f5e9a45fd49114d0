/** Connections that are opened at the same time: more handshakes only make each other late. */
const MOST = 32;

let open = 0;
const waiting: (() => void)[] = [];

/** Begins the work when its turn has come. */
export async function admit<T>(work: () => Promise<T>): Promise<T> {
  if (open >= MOST) await new Promise<void>((resolve) => waiting.push(resolve));
  else open += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else open -= 1;
  }
}
