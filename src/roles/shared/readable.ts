/** A file that all may read and root alone may change. */
export const READABLE = {mode: '0644', owner: 'root', group: 'root'} as const;
