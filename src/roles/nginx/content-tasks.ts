import {posix} from 'node:path';
import type {Task} from '../../model/index.js';
import {directory, file, leftovers, template} from '../../tasks/index.js';
import {READABLE} from '../shared/readable.js';
import type {NginxSite} from './options.js';

/**
 * What lies in the site's directory on the web server: its pages, or the files of a directory and nothing else, or the
 * page that visitors see while the application does not answer. New files are there before old ones go.
 */
export function contentTasks(root: string, {pages, directory, application}: NginxSite): Task[] {
  if (directory !== undefined) return directoryTasks(root, directory.files);
  const own = application === undefined ? {'index.html': 'nginx/index.html'} : {'502.html': 'nginx/502.html'};
  const shown = Object.entries(pages ?? own);
  return [
    ...directoriesFor(
      root,
      shown.map(([page]) => page),
    ),
    ...shown.map(([page, source]) => template({path: `${root}/${page}`, source, ...READABLE})),
  ];
}

function directoryTasks(root: string, files: NonNullable<NginxSite['directory']>['files']): Task[] {
  const names = files.map(({name}) => name);
  return [
    ...directoriesFor(root, names),
    ...files.map(({name, path: source}) => file({path: `${root}/${name}`, source, ...READABLE})),
    leftovers({path: root, except: names}),
  ];
}

/** The directories that files lie in, each once and before what is in it. */
function directoriesFor(root: string, names: readonly string[]): Task[] {
  const paths = names.map((name) => posix.dirname(`${root}/${name}`));
  return [...new Set([root, ...paths])].map((path) => directory({path, ...READABLE, mode: '0755'}));
}
