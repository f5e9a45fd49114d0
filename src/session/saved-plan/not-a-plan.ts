import {extname} from 'node:path';
import {type Diagnostic, InputError} from '../../model/index.js';

/** Throws `InputError` for a file that is something else than a saved plan, and says how to give it. */
export function refuseOtherFile(file: string, text: string): void {
  const fault = faultOf(file, text);
  if (fault !== undefined) throw new InputError([fault]);
}

function faultOf(file: string, text: string): Diagnostic | undefined {
  if (/^\.m?[jt]s$/.test(extname(file)))
    return {message: `${file} is a playbook, not a saved plan`, hint: `name it so: infra apply --playbook ${file}`};
  if (!/^\.ya?ml$/.test(extname(file))) return undefined;
  return /^\s*-\s+(?:hosts|name|import_playbook|ansible\.builtin\.\w+)\s*:/m.test(text)
    ? {
        message: `${file} is a playbook for Ansible`,
        hint: 'playbooks are TypeScript here; an inventory can be taken over: infra init',
      }
    : {message: `${file} is YAML, not a saved plan`, hint: `if it is an inventory: infra apply --inventory ${file}`};
}
