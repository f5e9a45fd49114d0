/** What a terminal obeys or nobody sees: ESC, C1, DEL, bidi, zero width, a half of a character, separators, an invisible letter. */
export const RAW =
  '\u001b]0;x\u0007\u001b[2J\u009b31m\u007f\u202e\u2066\u200b\ud83d\u2028\u2029\u3164\u{e0041}\u00ad\ufeff';

/** A line that somebody would take for ours. */
export const FORGED = 'forged: all is well';

/** Raw characters, and a line break where the text is meant to be of one line. */
export const HOSTILE = `a${RAW}b\r\n${FORGED}`;

/** A value with hostile text in all of its texts, and one for each of them alone. `kept`: names of fields that only programs write. */
export function hostileForms<T>(value: T, kept: readonly string[] = [], text = HOSTILE): T[] {
  const count = countTexts(value, kept);
  const alone = Array.from({length: count}, (_, wanted) => replace(value, kept, (at) => at === wanted, text));
  return [replace(value, kept, () => true, text), ...alone];
}

const countTexts = (value: unknown, kept: readonly string[]) => {
  let count = 0;
  const seen = () => {
    count += 1;
    return false;
  };
  replace(value, kept, seen, '');
  return count;
};

function replace<T>(value: T, kept: readonly string[], isMeant: (at: number) => boolean, text: string): T {
  let at = 0;
  const visit = (each: unknown): unknown => {
    if (typeof each === 'string') return isMeant(at++) ? `${each} ${text}` : each;
    if (Array.isArray(each)) return each.map(visit);
    if (each === null || typeof each !== 'object' || Object.getPrototypeOf(each) !== Object.prototype) return each;
    return Object.fromEntries(
      Object.entries(each).map(([name, inner]) => [name, kept.includes(name) ? inner : visit(inner)]),
    );
  };
  // The same shape.
  return visit(value) as T;
}

/** What of a text is an order to a terminal or invisible, but for line feeds, tabs, and colours where there may be some. */
export function rawIn(shown: string, withColours = false): readonly string[] {
  const text = withColours ? shown.replaceAll(/\u001b\[\d+m/g, '') : shown;
  return text.match(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u3164]/gu) ?? [];
}

/** Whether a line of the text begins with what was forged. */
export const isForged = (shown: string) => new RegExp(`^${FORGED}`, 'm').test(shown.replaceAll(/\u001b\[\d+m/g, ''));
