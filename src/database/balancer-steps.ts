import {type Command, join, raw, sh} from '../shell/index.js';
import type {OperationStep} from './operation.js';
import type {BalancerNode} from './site.js';

/** Seconds after which a balancer lets clients through again when the run that held them is gone. */
const RELEASE_AFTER = 30;
const RELEASE = 'infra-database-release';

/** The limit of connections that the frontend had before it was held. */
const HELD = '/run/infra-database-held';

const SOCKET = 'socat -T 5 - UNIX-CONNECT:/run/haproxy/admin.sock';
const SOCKET_WORDS = raw(SOCKET);

/**
 * Has new clients of the primary wait: their connections stay in the kernel's queue, and none is refused. Sessions that
 * are open go on for up to half a second, so that those of a single statement end by themselves.
 */
export function hold({host, write}: BalancerNode): OperationStep {
  return {
    host: host.name,
    text: `let new connections to port ${write} wait, for ${RELEASE_AFTER} s at most`,
    run: async (hosts) => void (await hosts.ask(host.name, holdCommand(write))),
    undo: {
      text: `let connections to port ${write} through again`,
      run: (hosts) => hosts.ask(host.name, releaseCommand(write)),
    },
  };
}

/** Lets clients through, as soon as the balancer has found the new primary and lost the old one. */
export function release({host, write}: BalancerNode, primary: string, old: readonly string[]): OperationStep {
  return {
    host: host.name,
    text: `send connections to ${primary}`,
    run: async (hosts) => void (await hosts.ask(host.name, followCommand(write, primary, old))),
    mayFail: true,
  };
}

function holdCommand(port: number): Command {
  const sessions = sh`echo 'show stat database-write 2 -1' | ${SOCKET_WORDS} | cut -d, -f5 | sed -n 2p`;
  const limit = sh`echo ${'show stat'} | ${SOCKET_WORDS} | awk -F, -v name=${`port-${port}`} '$1 == name && $2 == "FRONTEND" {print $7}'`;
  const back = `echo "set maxconn frontend port-${port} $(cat ${HELD})" | ${SOCKET}; rm -f ${HELD}`;
  return sh`[ -s ${HELD} ] || { n=$(${limit}) && [ "$n" -gt 0 ] && echo "$n" >${HELD}; } || { echo 'HAProxy does not answer' >&2; exit 1; }
systemctl stop ${RELEASE}.timer 2>/dev/null
systemd-run --quiet --collect --on-active=${RELEASE_AFTER} --timer-property=AccuracySec=100ms --unit=${RELEASE} sh -c ${back} &&
echo ${`set maxconn frontend port-${port} 0`} | ${SOCKET_WORDS} || exit
for i in 1 2 3 4 5; do [ "$(${sessions})" != 0 ] || break; sleep 0.1; done`;
}

function releaseCommand(port: number): Command {
  return sh`systemctl stop ${RELEASE}.timer 2>/dev/null
[ ! -s ${HELD} ] || { echo "set maxconn frontend port-${port} $(cat ${HELD})" | ${SOCKET_WORDS} && rm -f ${HELD}; }`;
}

/** Waits up to ten seconds for the checks, then lets clients through in any case: without a primary they get an error. */
function followCommand(port: number, primary: string, old: readonly string[]): Command {
  const state = sh`echo 'show stat database-write 4 -1' | ${SOCKET_WORDS} | cut -d, -f2,18`;
  const gone = old.map((name) => sh`! printf '%s\n' "$s" | grep -q ${`^${name},UP`} &&`);
  const end = old.map(
    (name) => sh`echo ${`shutdown sessions server database-write/${name}`} | ${SOCKET_WORDS} >/dev/null
`,
  );
  return sh`n=0 r=1
while [ $n -lt 100 ]; do s=$(${state})
if ${join(gone, ' ')} printf '%s\n' "$s" | grep -q ${`^${primary},UP`}; then r=0; break; fi
n=$((n + 1)); sleep 0.1; done
${join(end, '')}${releaseCommand(port)}
[ $r = 0 ] || echo ${`the balancer has not found ${primary} after 10 s`} >&2; exit $r`;
}
