/** The mode and owner of a file that everyone may read and only root may change. */
export const READABLE = {mode: '0644', owner: 'root', group: 'root'} as const;

/** The first line of files that have `#` comments, for the operator who opens one on the server. */
export const MANAGED = '# Managed by infra: changes made here are undone by the next apply.\n';
