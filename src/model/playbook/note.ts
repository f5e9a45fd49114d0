/** A sentence of a role for the people who read the plan. It is listed among the role's tasks and changes nothing. */
export interface Note {
  readonly note: string;
  /** Whether it is shown where the host has no changes: it asks for a decision. */
  readonly isWarning: boolean;
}

/** A fact that explains the plan, shown below the changes of its host, and only where there are any. */
export function note(text: string): Note {
  return {note: text, isWarning: false};
}

/** What the reader must know or decide, shown in every plan. */
export function warning(text: string): Note {
  return {note: text, isWarning: true};
}
