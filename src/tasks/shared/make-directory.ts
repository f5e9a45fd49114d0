import {type Command, giveUp, inDirectory, inDirectoryOf, raw, sh, showAs, WALK} from '../../shell/index.js';
import {giveOwnership, type Ownership} from './ownership.js';

/** Makes a directory that is missing, and its parents with mode 0755. */
export function makeDirectory(path: string, mode: string): Command {
  const bits = Number.parseInt(mode, 8);
  const plain = (bits & 0o777).toString(8).padStart(3, '0');
  const make = sh`(d=${path}; ${raw(`p=$d; until [ -d "$p/" ]; do p=\${p%/*}; done; r=\${d#"$p"}`)}
${WALK}
${raw(`walk "\${p:-/}"; r=\${r#/}`)}
while [ "$r" ]; do ${raw(`c=\${r%%/*} o=\${PWD%/}; case $r in */*) r=\${r#*/} m=755;; *) r=`)} m=${plain};; esac
mkdir -m "$m" -- "./$c" && cd -P -- "./$c" && [ "$PWD" = "$o/$c" ] || exit; done
[ "$(stat -c %a .)" = ${bits.toString(8)} ] || { { ${MAY_BE_GIVEN}; } || ${giveUp(notGiven(path))}; chmod -- ${exact(mode)} .; })`;
  return showAs(String(sh`mkdir -p -m ${mode} -- ${path}`), make);
}

/**
 * Gives a directory an owner and a mode. One of ours that is not empty keeps them in a directory that others may
 * change: somebody could have put it there under this name to get at what it holds.
 */
export function giveDirectory(path: string, to: Ownership, known?: string): Command | undefined {
  const rights = giveOwnership(sh`.`, {...to, ...(to.mode !== undefined && {mode: exact(to.mode)})}, known);
  return (
    rights &&
    showAs(
      String(giveOwnership(sh`${path}`, to, known)),
      inDirectory(
        path,
        sh`${MAY_BE_GIVEN} || ${giveUp(notGiven(path))}
${rights}`,
      ),
    )
  );
}

/** With five digits chmod(1) takes set-user-ID and set-group-ID bits from a directory; with four it keeps them. */
const exact = (mode: string) => mode.padStart(5, '0');

const notGiven = (path: string) =>
  `${path} belongs to the user that infra works as, is not empty, and lies in a directory that others may change; change its owner and mode by hand`;

/** Shell condition on the working directory. */
export const MAY_BE_GIVEN =
  raw(`e=; for x in ./* ./.[!.]* ./..?*; do if [ -e "$x" ] || [ -L "$x" ]; then e=1; break; fi; done
[ ! "$e" ] || [ ! -O . ] || (cd -P .. && [ ! -k . ] && ours "$PWD")`);

/** Deletes a file or link; where it is gone already, with its directory or without, nothing is done. */
export function deleteFile(path: string): Command {
  return showAs(String(sh`rm -f -- ${path}`), inDirectoryOf(path, sh`rm -f -- "./$n"`, sh`exit 0`));
}

/** Deletes things in a directory by their names there, directories with all that is in them. */
export function deleteIn(directory: string, names: readonly string[]): Command {
  return inDirectory(directory, sh`rm -rf --one-file-system -- ${names.map((name) => `./${name}`)}`, sh`exit 0`);
}
