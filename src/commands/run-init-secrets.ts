import type {Project} from '../local/project.js';
import type {Choices} from '../project/index.js';
import {openStore, PASSWORDS} from '../secrets/index.js';
import {readText} from '../wizard/check-certificate.js';
import {noHeadStart} from './head-start.js';
import type {InitRun} from './init-run.js';
import {planDigest} from './plan-key.js';
import {loadSession} from './session.js';

/**
 * Makes what the playbook that was written asks for and the project lacks: an identity, passwords, the authority, and
 * the key of plans. Who plans it afterwards, a colleague or a machine, has nothing to write. Checks the playbook's types
 * too. Rejects with `InputError`.
 */
export async function keepInitSecrets({project, out, prompter}: InitRun, {tls}: Choices): Promise<void> {
  const work = async () => {
    if (tls.kind === 'files') await keepKey(project, out.notice, tls.key);
    const session = await loadSession(
      project,
      {playbook: 'playbooks/site.ts', inventory: 'inventory/hosts.yml'},
      out,
      noHeadStart(),
    );
    await planDigest(session.secrets);
  };
  const message = 'Making secrets and checking the playbook...';
  await (prompter ? prompter.wait(() => message, work()) : work());
}

async function keepKey(project: Project, notice: (text: string) => void, file: string): Promise<void> {
  const key = readText(file);
  if (key === undefined) return;
  const store = openStore(project, notice);
  await store.edit(PASSWORDS, async () => {
    const sealed = store.sealed(PASSWORDS).get(KEY);
    const same = sealed !== undefined && (await store.open(KEY, sealed)) === key;
    return new Map(same ? [] : [[KEY, key]]);
  });
}

/** The secret that the playbook reads the certificate's key from. */
const KEY = 'tls/site';
