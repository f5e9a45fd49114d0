/**
 * What a change may alter, or what an answer depends on: `/etc/motd` for a file and what lies below it, `unit:nginx`,
 * `port:80`; `*` is anything. The table of all of them is in docs/writing.md.
 */
export type Subject = string;

/** A change of which nobody can tell what it alters; or an answer of which nobody can tell what it depends on. */
export const ANYTHING: Subject = '*';

/** What nobody has named may come into being, as a package brings files, users and services along. */
export const ANYTHING_NEW: Subject = '+';

/**
 * What changes so far may have altered: to be added to, and asked. Asking takes the same time however much it holds.
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

  /** Another one that holds the same, to be added to on its own. */
  copy(): Affected {
    return new Affected(this.#subjects);
  }

  /** Whether an answer that depends on these may be another one now. */
  meets(needs: readonly Subject[]): boolean {
    if (this.#subjects.has(ANYTHING)) return true;
    if (needs.includes(ANYTHING)) return this.#subjects.size > 0;
    return needs.some(
      (need) => this.#directories.has(need) || withDirectories(need).some((each) => this.#subjects.has(each)),
    );
  }

  /** Whether one of these very things was changed: an answer about it is another one now. */
  has(needs: readonly Subject[]): boolean {
    return needs.some((need) => this.#subjects.has(need));
  }
}

/** `/etc/app/x`, `/etc/app`, `/etc`; a subject that is no path alone. */
function withDirectories(subject: Subject): readonly Subject[] {
  if (!subject.startsWith('/')) return [subject];
  const parts = subject.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - index).join('/'));
}
