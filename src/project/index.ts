/*
 * A new project as text: from choices to files, and from files to a directory. Nothing here asks a question, opens a
 * connection or has a secret.
 *
 *   faultsOf(choices)              what is wrong with the choices, as sentences
 *   renderProject(choices, about)  every file by its path
 *   compareProject(root, files)    what writing them would do to a directory
 *   writeProject(root, changes)    does it, all or nothing
 *
 * A path is relative to the project's directory, with "/" as its separator. `ANSWERS` is among the files: the choices
 * in the format of `renderAnswers`, followed by the digests by which a later run recognises the files that infra wrote.
 */
export {ANSWERS, renderAnswers} from './answers.js';
export {
  type Choices,
  type ContentChoice,
  type ProjectAbout,
  SERVER_ROLES,
  type ServerChoice,
  type ServerProblem,
  type ServerRole,
  type TlsChoice,
} from './choices.js';
export {compareProject, type FileChange} from './compare.js';
export {contentFaults, faultsOf} from './faults.js';
export {renderProject} from './render-project.js';
export {endpointOf} from './server-faults.js';
export {writeProject} from './write.js';
