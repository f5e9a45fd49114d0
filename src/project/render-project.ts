import {stringify} from 'yaml';
import {ANSWERS, digestOf, renderAnswers} from './answers.js';
import type {Choices} from './choices.js';

/** What a project is told beside the choices. */
export interface ProjectAbout {
  /** Of the project: its folder's name. Any text. */
  readonly name: string;
  /** How npm finds infra: `file:/opt/infra`, or a version. */
  readonly infra: string;
  readonly infraVersion: string;
  /** Version of the compiler that infra has itself. */
  readonly typescript: string;
  /** Text of the JSON schema of inventories. */
  readonly schema: string;
  /** With `tls: {kind: 'files'}`: the PEM text of the certificate. Left out, `tls/site.pem` stays as it is. */
  readonly certificate?: string | undefined;
}

/** Every file of a project, by its path; the same for the same choices. Take only choices without faults. */
export function renderProject(choices: Choices, about: ProjectAbout): ReadonlyMap<string, string> {
  const files = new Map([
    ['inventory/hosts.yml', stringify({all: {}})],
    ['inventory/hosts.schema.json', about.schema],
  ]);
  const written = Object.fromEntries([...files].map(([path, text]) => [path, digestOf(text)]));
  return new Map([...files, [ANSWERS, renderAnswers(choices, written)]]);
}
