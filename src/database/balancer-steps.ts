import {type Command, join, raw, sh} from '../shell/index.js';
import type {OperationHosts, OperationStep} from './operation.js';
import type {BalancerNode} from './site.js';

/** Seconds after which a balancer lets clients through again when the run that held them is gone. */
const RELEASE_AFTER = 30;
const RELEASE = 'infra-database-release';

/** Seconds after which a run that goes on says so to the balancer. */
const RENEW_AFTER = 10;

/** The limit of connections that the frontend had before it was held. */
const HELD = '/run/infra-database-held';

/** The second since the boot of the host in which a run was last seen to go on. */
const LEASE = '/run/infra-database-lease';
const RENEW = raw(`cut -d. -f1 /proc/uptime >${LEASE}.new && mv ${LEASE}.new ${LEASE}`);

const SOCKET = 'socat -T 5 - UNIX-CONNECT:/run/haproxy/admin.sock';
const SOCKET_WORDS = raw(SOCKET);

/**
 * Has new clients of the primary wait: their connections stay in the kernel's queue, and none is refused. Sessions that
 * began in the last seconds go on for up to half a second, so that those of a single statement end by themselves. Clients
 * wait for as long as the run goes on; when it is gone, a service on the balancer lets them through after 30 s.
 */
export function hold({host, write}: BalancerNode): OperationStep {
  return {
    host: host.name,
    text: `let new connections to port ${write} wait`,
    isParallel: true,
    run: async (hosts) => {
      await hosts.ask(host.name, holdCommand(write));
      renew(host.name, hosts);
      return undefined;
    },
    undo: {
      text: `let connections to port ${write} through again`,
      run: (hosts) => hosts.ask(host.name, releaseCommand(write)),
    },
  };
}

/** Lets clients through, as soon as the new primary says that it is one. */
export function release({host, write}: BalancerNode, primary: string, old: readonly string[]): OperationStep {
  return {
    host: host.name,
    text: `send connections to ${primary}`,
    isParallel: true,
    run: async (hosts) => void (await hosts.ask(host.name, followCommand(write, primary, old))),
    mayFail: true,
  };
}

/** Until the clients are let through, or the connection is lost. */
function renew(name: string, hosts: OperationHosts): void {
  const timer = setInterval(() => {
    hosts.ask(name, renewal).catch(() => clearInterval(timer));
  }, RENEW_AFTER * 1000).unref();
}

/** Fails when no client is held. */
export const renewal: Command = sh`[ -s ${HELD} ] && ${RENEW}`;

function holdCommand(port: number): Command {
  const areYoung = sh`echo 'show sess' | ${SOCKET_WORDS} | grep -q ${`fe=port-${port} .* age=[0-2]s `}`;
  const limit = sh`echo ${'show stat'} | ${SOCKET_WORDS} | awk -F, -v name=${`port-${port}`} '$1 == name && $2 == "FRONTEND" {print $7}'`;
  const back = `while [ -s ${HELD} ] && [ "$(cut -d. -f1 /proc/uptime)" -lt $(($(cat ${LEASE}) + ${RELEASE_AFTER})) ]; do sleep 1; done
[ ! -s ${HELD} ] || { echo "set maxconn frontend port-${port} $(cat ${HELD})" | ${SOCKET}; rm -f ${HELD}; }`;
  return sh`systemctl stop ${RELEASE}.service 2>/dev/null
[ -s ${HELD} ] || { n=$(${limit}) && [ "$n" -gt 0 ] && echo "$n" >${HELD}; } || { echo 'HAProxy does not answer' >&2; exit 1; }
${RENEW} && systemd-run --quiet --collect --unit=${RELEASE} sh -c ${back} &&
echo ${`set maxconn frontend port-${port} 0`} | ${SOCKET_WORDS} || exit
for i in 1 2 3 4 5 6 7 8 9 10; do ${areYoung} || break; sleep 0.05; done`;
}

/** The service that would do it ends by itself. */
function releaseCommand(port: number): Command {
  return sh`[ ! -s ${HELD} ] || { echo "set maxconn frontend port-${port} $(cat ${HELD})" | ${SOCKET_WORDS} && rm -f ${HELD}; }`;
}

/**
 * Asks the new primary itself, and tells the balancer what it answers, rather than wait for the next check. After ten
 * seconds clients are let through in any case: without a primary they get an error.
 */
function followCommand(port: number, primary: string, old: readonly string[]): Command {
  const state = sh`echo 'show stat database-write 4 -1' | ${SOCKET_WORDS} | cut -d, -f2,18`;
  const isUp = (name: string) => sh`printf '%s\n' "$s" | grep -q ${`^${name},UP`}`;
  const isPrimary = sh`printf 'GET /primary HTTP/1.0\r\n\r\n' | socat -T 2 - "TCP:$a,connect-timeout=2" 2>/dev/null | head -n 1 | grep -q ' 200 '`;
  const gone = old.map((name) => sh`! ${isUp(name)} &&`);
  const lower = old.map(
    (name) => sh`${isUp(name)} && ${tell(`set server database-write/${name} health down`)}
`,
  );
  const end = old.map(
    (name) => sh`${tell(`shutdown sessions server database-write/${name}`)}
`,
  );
  return sh`a=$(echo 'show servers state database-write' | ${SOCKET_WORDS} | awk -v name=${primary} '$4 == name {print (index($5, ":") ? "[" $5 "]" : $5) ":" $22}')
n=0 r=1
while [ $n -lt 100 ]; do if ${isPrimary}; then
s=$(${state}); ${join(lower, '')}${isUp(primary)} || ${tell(`set server database-write/${primary} health up`)}
s=$(${state}); if ${join(gone, ' ')} ${isUp(primary)}; then r=0; break; fi; fi
n=$((n + 1)); sleep 0.1; done
${join(end, '')}${releaseCommand(port)}
[ $r = 0 ] || echo ${`the balancer has not found ${primary} after 10 s`} >&2; exit $r`;
}

const tell = (words: string) => sh`echo ${words} | ${SOCKET_WORDS} >/dev/null`;
