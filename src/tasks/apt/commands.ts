import {type Command, sh, showAs, uninterrupted} from '../../shell/index.js';
import {guardNames, guardRemoval, listVersions, listVictims, waitForLocks} from './guard.js';
import {isVersion, type Package, type Ready} from './spec.js';
import {LAST_RUN, offerOf, type PackagesState, REPORT} from './state.js';

type State = Partial<PackagesState>;

/** One transaction for all packages that are not as asked for. */
export function installCommands(ready: Ready, to: State, present: State): readonly (Command | false)[] {
  const wanted = ready.packages.filter(({name}) => name in to);
  return [
    to[LAST_RUN] !== undefined && completeRun(ready),
    needsRefresh(wanted, present) && refresh(ready),
    wanted.length > 0 && install(ready, wanted),
  ];
}

/** Removes exactly the named packages, or nothing. */
export function removeCommands(ready: Ready, to: State): readonly (Command | false)[] {
  const names = ready.packages.map(({name}) => name).filter((name) => name in to);
  const remove = uninterrupted(sh`${ENVIRONMENT} apt-get remove ${options(ready)} -- ${names}`);
  return [
    to[LAST_RUN] !== undefined && completeRun(ready),
    showAs(
      `apt-get remove ${names.join(' ')}`,
      sh`(${waitForLocks(ready.lockTimeout)} && ${guardRemoval(names)} && ${remove})`,
    ),
  ];
}

function needsRefresh(wanted: readonly Package[], present: State): boolean {
  const report = present[REPORT];
  if (report?.lists !== 'fresh') return true;
  return wanted.some(({name, version}) => {
    const offer = offerOf(name, report);
    if (version === undefined) return offer?.candidate === undefined;
    return !offer?.versions.some((each) => isVersion(each, version));
  });
}

function completeRun({lockTimeout}: Ready): Command {
  const configure = uninterrupted(sh`${ENVIRONMENT} dpkg ${CONFFILES.map((option) => `--${option}`)} --configure -a`);
  return showAs('dpkg --configure -a', sh`(${waitForLocks(lockTimeout)} && ${configure})`);
}

function refresh({lockTimeout}: Ready): Command {
  // Without Error-Mode apt-get answers 0 when no list could be fetched. The time stamp shows how old the lists are:
  // apt leaves the directory alone when nothing is new.
  const update = sh`${ENVIRONMENT} apt-get update -q -o APT::Update::Error-Mode=any && touch /var/lib/apt/lists`;
  return showAs('apt-get update', sh`(${waitForLocks(lockTimeout)} && ${update})`);
}

function install(ready: Ready, wanted: readonly Package[]): Command {
  // Versions asked for are named again, or apt could change them to satisfy other packages.
  const pinned = ready.packages.filter(({version}) => version !== undefined);
  const packages = [...new Set([...wanted, ...pinned])];
  const words = packages.map(({name, version}) => (version === undefined ? name : `${name}=${version}`));
  const extras = [
    ...(ready.recommends === undefined ? [] : [ready.recommends ? '--install-recommends' : '--no-install-recommends']),
    ...(pinned.length > 0 ? ['--allow-downgrades'] : []),
  ];
  const run = uninterrupted(
    sh`${ENVIRONMENT} apt-get install ${[...options(ready), ...extras, '--no-remove']} -- ${words}`,
  );
  const explain = sh`{ r=$?; ${listVersions(pinned)}; ${listVictims(words)}; exit $r; }`;
  return showAs(
    String(sh`apt-get install --no-remove ${[...extras, ...words]}`),
    sh`(${waitForLocks(ready.lockTimeout)} && ${guardNames(packages)} && { ${run} || ${explain}; })`,
  );
}

// No question from debconf, ucf, apt-listchanges; needrestart restarts nothing that the plan does not list.
const ENVIRONMENT = sh`env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=l`;

const CONFFILES = ['force-confdef', 'force-confold'];

function options({lockTimeout}: Ready): string[] {
  const settings = [
    ...CONFFILES.map((option) => `Dpkg::Options::=--${option}`),
    'Dpkg::Use-Pty=0',
    `DPkg::Lock::Timeout=${lockTimeout}`,
    'APT::Get::AutomaticRemove=false',
  ];
  return ['-q', '-y', ...settings.flatMap((setting) => ['-o', setting])];
}
