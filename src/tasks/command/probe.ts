import {type Command, join, sh} from '../../shell/index.js';
import {UNLESS_UNREADABLE} from '../shared/stat.js';
import {parses, userScript} from './script.js';
import type {CommandSpec} from './spec.js';

/** Prints `due` or `satisfied`; neither when a shell cannot parse one of the user's texts, which is a mistake in any case. */
export function conditionProbe(spec: CommandSpec): Command {
  const {command, creates, unless, onlyIf} = spec;
  const texts = [command, unless, onlyIf].filter((text) => text !== undefined);
  const satisfied = [
    ...(creates === undefined ? [] : [sh`[ -e ${creates} ] || [ -L ${creates} ]`]),
    ...(unless === undefined ? [] : [silent(userScript(unless, spec))]),
    ...(onlyIf === undefined ? [] : [sh`! ${silent(userScript(onlyIf, spec))}`]),
  ];
  const answer = sh`{ if ${join([...satisfied, sh`false`], ' || ')}; then echo satisfied; else echo due; fi; }`;
  return join([...texts.map(parses), ...(creates === undefined ? [] : [canTell(creates)]), answer]);
}

/** Fails where it cannot be told whether something is there. */
const canTell = (path: string) => sh`(f=${path}; [ -e "$f" ] || [ -L "$f" ] || { ${UNLESS_UNREADABLE}; })`;

const silent = (command: Command) => sh`(${command}) >/dev/null 2>&1`;
