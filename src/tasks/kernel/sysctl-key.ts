import {check} from '../../model/index.js';

/** What the value of a setting must be. */
export const sysctlValue = check.either(check.text, check.number('a number', Number.isFinite));

/**
 * Where the kernel has a setting. After sysctl.d(5): when the first separator is a dot, dots separate and a slash stands
 * for a dot; when it is a slash, the name is a path as it is.
 */
export function sysctlPath(name: string): string {
  const isPath = /[./]/.exec(name)?.[0] === '/';
  const swapped = name.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));
  return `/proc/sys/${isPath ? name : swapped}`;
}

/** White space as one blank: the kernel separates several numbers by tabs. */
export function spaced(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
