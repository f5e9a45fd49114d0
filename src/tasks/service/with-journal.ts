import {type Command, sh, showAs} from '../../shell/index.js';

/** A command on a unit that, when it fails, says how the unit is and the last it wrote to the journal. */
export function withJournal(unit: string, command: Command): Command {
  return showAs(
    String(command),
    sh`{ ${command} || {
r=$?; systemctl status --no-pager --lines=0 -- ${unit} >&2; journalctl --no-pager --quiet --output=cat -n 20 -u ${unit} >&2; (exit $r); }; }`,
  );
}
