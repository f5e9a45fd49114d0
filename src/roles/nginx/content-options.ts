import {z} from 'zod';
import {type LocalFile, readFolder} from './local-folder.js';

/** The files of the folder that an option names: reads it, for the option's schema. */
export function filesOf(folder: string, {addIssue}: z.RefinementCtx<string>): {readonly files: readonly LocalFile[]} {
  const found = readFolder(folder);
  if ('files' in found) return found;
  for (const message of found.faults) addIssue({code: 'custom', message});
  return z.NEVER;
}

/** What decides what a site is made of, as far as it was given. */
interface Given {
  readonly pages?: unknown;
  readonly folder?: unknown;
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
  const {pages, folder} = content;
  const given = Object.entries({pages, folder, application}).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name).join(' and ');
  const ours = tls === undefined ? [port ?? 80] : [port ?? 443, tls.plainPort, statusPort];
  return [
    ...(given.length > 1
      ? [{path: [], message: `a site is made of one of pages, folder and application, not of ${names}`}]
      : []),
    ...(application !== undefined && ours.includes(application)
      ? [{path: ['application'], message: `on port ${application} Nginx itself listens; give the program another one`}]
      : []),
  ];
}
