/** Runs what it is given one after another, in the order given; a failure does not stop what comes after it. */
export type Queue = <T>(begin: () => Promise<T>) => Promise<T>;

export function newQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (begin) => {
    const turn = last.then(begin, begin);
    last = turn;
    return turn;
  };
}
