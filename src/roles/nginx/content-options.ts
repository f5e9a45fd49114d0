import {z} from 'zod';
import {type LocalFile, readDirectory} from './local-directory.js';

/** The files of the directory that an option names: reads it, for the option's schema. */
export function filesOf(
  directory: string,
  {addIssue}: z.RefinementCtx<string>,
): {readonly files: readonly LocalFile[]} {
  const found = readDirectory(directory);
  if ('files' in found) return found;
  for (const message of found.faults) addIssue({code: 'custom', message});
  return z.NEVER;
}

/** What decides what a site is made of, as far as it was given. */
interface Given {
  readonly pages?: unknown;
  readonly directory?: unknown;
  readonly application?: number | undefined;
  readonly port?: number | undefined;
  readonly statusPort: number;
  readonly tls?: {readonly plainPort?: number | undefined} | undefined;
}

interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

/** Why a site cannot be made of what was given. */
export function contentFaults({application, port, statusPort, tls, ...content}: Given): readonly Fault[] {
  const {pages, directory} = content;
  const given = Object.entries({pages, directory, application}).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name).join(' and ');
  const ours = tls === undefined ? [port ?? 80] : [port ?? 443, tls.plainPort, statusPort];
  return [
    ...(given.length > 1
      ? [{path: [], message: `a site is made of one of pages, directory and application, not of ${names}`}]
      : []),
    ...(application !== undefined && ours.includes(application)
      ? [{path: ['application'], message: `on port ${application} Nginx itself listens; give the program another one`}]
      : []),
  ];
}
