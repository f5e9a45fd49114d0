/**
 * What a change may alter, or what an answer depends on: `/etc/motd` for a file and what lies below it, `unit:nginx`,
 * `port:80`; `*` is anything. The table of all of them is in docs/writing.md.
 */
export type Subject = string;

/** A change that may alter anything; or an answer that may depend on anything. */
export const ANYTHING: Subject = '*';

/** New things without a known name, such as the files, users and services of a package. */
export const ANYTHING_NEW: Subject = '+';

/**
 * What changes so far may have altered. A query takes the same time however much it holds.
 */
export class Affected {
  readonly #subjects = new Set<Subject>();
  /** Directories that something was altered in: it may have been made with them. */
  readonly #directories = new Set<Subject>();

  constructor(subjects: Iterable<Subject> = []) {
    this.add(subjects);
  }

  add(subjects: Iterable<Subject>): void {
    for (const subject of subjects) {
      this.#subjects.add(subject);
      for (const directory of withDirectories(subject).slice(1)) this.#directories.add(directory);
    }
  }

  /** A copy that can be added to on its own. */
  copy(): Affected {
    return new Affected(this.#subjects);
  }

  /** Whether an answer that depends on these may differ now. */
  meets(needs: readonly Subject[]): boolean {
    if (this.#subjects.has(ANYTHING)) return true;
    if (needs.includes(ANYTHING)) return this.#subjects.size > 0;
    return needs.some(
      (need) => this.#directories.has(need) || withDirectories(need).some((each) => this.#subjects.has(each)),
    );
  }

  /** Whether one of these very things was changed: an answer about it differs now. */
  has(needs: readonly Subject[]): boolean {
    return needs.some((need) => this.#subjects.has(need));
  }
}

/** `/etc/app/x`, `/etc/app`, `/etc`; a subject that is not a path alone. */
function withDirectories(subject: Subject): readonly Subject[] {
  if (!subject.startsWith('/')) return [subject];
  const parts = subject.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - index).join('/'));
}
