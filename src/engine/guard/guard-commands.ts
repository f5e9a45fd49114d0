import {type Guard, SSHD_SERVICES} from '../../model/index.js';
import {asWord, type Command, contained, raw, sh} from '../../shell/index.js';
import {STATE_DIRECTORY} from '../lock/pending-handlers.js';

/*
 * What a guard has on the host: a directory with the kept state and the script that restores it, a service that runs
 * the script (a timer, or a unit early in the next boot), and files that say how far it is. `decided` is a directory
 * because only one process can make it: the one that confirms or the one that restores.
 */

/** What a guarded change prints when it waits for a new connection. */
export const WAITING = 'The change is made; waiting for a new connection to confirm it.';

/** The exit code of a guarded change that was not confirmed (EX_TEMPFAIL). */
export const NOT_CONFIRMED = 75;

/** The change under its guard: it succeeds only when {@link confirmGuard} succeeds over another connection in time. */
export function underRestore(guard: Guard, change: Command): Command {
  const unit = unitOf(guard);
  return sh`d=${directoryOf(guard)}; s=${unitFile(guard)}
[ ! -e "$d" ] || [ -e "$d/decided" ] || {
echo ${`An earlier change of the ${guard.name} is not confirmed; the host undoes it in a moment. Apply again after that.`} >&2; exit 1; }
(umask 077; rm -rf -- "$d" && mkdir -p -- "$d" && cd -- "$d" && { ${guard.keep}
}) || exit
printf '%s' ${asWord(restoreScript(guard))} >"$d/restore" || exit
printf '%s' ${unitText(guard)} >"$s" || exit
mkdir -p -- ${WANTS} && ln -sfn -- "$s" ${WANTS}/ && systemctl daemon-reload &&
systemd-run --quiet --collect --unit=${unit} --on-active=${guard.seconds}s --timer-property=AccuracySec=100ms sh "$d/restore" || {
r=$?; rm -rf -- "$d" ${link(guard)} "$s"; exit $r; }
${contained(change)} || { r=$?; sh "$d/restore"; exit $r; }
: >"$d/loaded"
echo ${WAITING}
n=${5 * (guard.seconds + GRACE)}
until [ -e "$d/confirmed" ] || [ -e "$d/restored" ] || [ -e "$d/failed" ] || [ $n = 0 ]; do sleep 0.2; n=$((n - 1)); done
[ ! -e "$d/confirmed" ] || { rm -rf -- "$d"; exit 0; }
[ -e "$d/restored" ] || { echo 'The earlier state could not be restored: see '"$d" >&2; exit 70; }
exit ${NOT_CONFIRMED}`;
}

/** Cancels the restore. It fails while the change is not made yet, and when the host has begun to restore. */
export function confirmGuard(guard: Guard): Command {
  return sh`cd -- ${directoryOf(guard)} && [ -e loaded ] && mkdir decided && { ${disarm(guard)}
: >confirmed; }`;
}

/** Succeeds when the host has restored its earlier state. */
export function isRestored(guard: Guard): Command {
  return sh`[ -e ${directoryOf(guard)}/restored ]`;
}

function restoreScript(guard: Guard): Command {
  return sh`#!/bin/sh
# Restores the ${raw(guard.name)} unless infra has confirmed its change over a new connection.
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd -- ${directoryOf(guard)} || exit
[ -e restoring ] || { mkdir decided 2>/dev/null || exit 0; : >restoring; }
if (${guard.restore}
) && { [ "$1" = boot ] || (${guard.activate}
) }; then r=restored; else r=failed; fi
${disarm(guard)}
: >"$r"
`;
}

/** A timer that has elapsed is gone already. */
function disarm(guard: Guard): Command {
  return sh`rm -f -- ${link(guard)} ${unitFile(guard)}; systemctl daemon-reload
systemctl --no-block stop ${unitOf(guard)}.timer 2>/dev/null`;
}

function unitText(guard: Guard): string {
  return `[Unit]
Description=Restore the ${guard.name} as it was before a change by infra that was not confirmed
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target nftables.service ${SSHD_SERVICES.map((name) => `${name}.service ${name}.socket`).join(' ')}
Wants=network-pre.target

[Service]
Type=oneshot
ExecStart=/bin/sh ${directoryOf(guard)}/restore boot

[Install]
WantedBy=sysinit.target
`;
}

const directoryOf = ({name}: Guard) => `${STATE_DIRECTORY}/guard/${name}`;

const unitOf = ({name}: Guard) => `infra-guard-${name}`;

const unitFile = (guard: Guard) => `/etc/systemd/system/${unitOf(guard)}-boot.service`;

const WANTS = '/etc/systemd/system/sysinit.target.wants';

const link = (guard: Guard) => `${WANTS}/${unitOf(guard)}-boot.service`;

/** Seconds that restoring may take. */
const GRACE = 30;
