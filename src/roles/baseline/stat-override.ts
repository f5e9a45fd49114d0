import {check, defineTask, optionsOf} from '../../model/index.js';
import {sh} from '../../shell/index.js';

interface StatOverrideSpec {
  /** A file of a package. */
  readonly path: string;
  /** Four octal digits; owner and group are root. */
  readonly mode: string;
}

/** The mode of a package's file, kept across upgrades (dpkg-statoverride). Nothing is wished where the file is missing. */
export const statOverride = defineTask<StatOverrideSpec, {mode: string; kept: boolean}>({
  type: 'statOverride',
  options: optionsOf<StatOverrideSpec>({path: check.text, mode: check.text}),
  id: ({path}) => path,
  probe: ({path}) => sh`[ -e ${path} ] || exit 0
stat -c %04a -- ${path} && dpkg-statoverride --list ${path} || :`,
  parse: ({stdout}, {path, mode}) => {
    const [now = '', override] = stdout.split('\n');
    return now === '' ? null : {mode: now, kept: override === `root root ${mode.replace(/^0/, '')} ${path}`};
  },
  desire: ({mode}, present) => present && {mode, kept: true},
  change: ({path, mode}) => [
    sh`{ ! dpkg-statoverride --list ${path} >/dev/null || dpkg-statoverride --remove ${path}; }`,
    sh`dpkg-statoverride --update --add root root ${mode} ${path}`,
  ],
  affects: ({path}) => [path],
});
