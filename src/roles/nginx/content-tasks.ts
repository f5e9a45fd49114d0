import {posix} from 'node:path';
import type {Task} from '../../model/index.js';
import {directory, file, leftovers, template} from '../../tasks/index.js';
import {READABLE} from '../shared/readable.js';
import type {NginxSite} from './options.js';

/**
 * What lies in the site's folder on the web server: its pages, or the files of a folder and nothing else, or the page
 * that visitors see while the application does not answer. New files are there before old ones go.
 */
export function contentTasks(root: string, {pages, folder, application}: NginxSite): Task[] {
  if (folder !== undefined) return folderTasks(root, folder.files);
  const own = application === undefined ? {'index.html': 'nginx/index.html'} : {'502.html': 'nginx/502.html'};
  const shown = Object.entries(pages ?? own);
  return [
    ...foldersFor(
      root,
      shown.map(([page]) => page),
    ),
    ...shown.map(([page, source]) => template({path: `${root}/${page}`, source, ...READABLE})),
  ];
}

function folderTasks(root: string, files: NonNullable<NginxSite['folder']>['files']): Task[] {
  const names = files.map(({name}) => name);
  return [
    ...foldersFor(root, names),
    ...files.map(({name, path: source}) => file({path: `${root}/${name}`, source, ...READABLE})),
    leftovers({path: root, except: names}),
  ];
}

/** The folders that files lie in, each once and before what is in it. */
function foldersFor(root: string, names: readonly string[]): Task[] {
  const paths = names.map((name) => posix.dirname(`${root}/${name}`));
  return [...new Set([root, ...paths])].map((path) => directory({path, ...READABLE, mode: '0755'}));
}
