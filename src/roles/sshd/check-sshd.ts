import {type Command, sh, showAs} from '../../shell/index.js';

/** The login that must still work: infra's own. */
interface Login {
  readonly user: string;
  /** The client's address as the host sees it; empty when unknown. */
  readonly client: string;
  /** The desired ports of sshd; empty: as before. */
  readonly ports: readonly number[];
}

/**
 * Shell text that tests sshd's whole configuration with `candidate` in place of the file `name`: as `sshd -t` does, and
 * whether the login that infra uses is still allowed, as far as `sshd -T` shows. Leaves no files. The guard finds
 * faults that cannot be seen this way, such as a cipher that no client has.
 */
export function checkSshd(name: string, candidate: string, {user, client, ports}: Login, service: string): Command {
  const socket = `${service}.socket`;
  const from = client === '' ? '127.0.0.1' : client;
  return showAs(
    `sshd -t`,
    sh`(parts=/run/infra-sshd main=/etc/ssh/.infra-sshd
trap 'rm -rf -- "$parts" "$main"' EXIT; trap 'exit 143' HUP INT PIPE TERM
say() { echo "$1" >&2; exit 1; }
rm -rf -- "$parts" "$main" && mkdir -m 0700 -- "$parts" && mkdir -p -m 0755 /run/sshd || exit
find -L /etc/ssh/sshd_config.d -maxdepth 1 -type f -name '*.conf' ! -name ${name} -exec ln -st "$parts" -- {} +
ln -s -- ${candidate} "$parts"/${name}
first=$(grep -nm1 -iE '^[[:space:]]*[a-z]' /etc/ssh/sshd_config | cut -d : -f 2-)
case $first in [Ii]nclude*/etc/ssh/sshd_config.d/\*.conf*) ;;
*) say '/etc/ssh/sshd_config does not begin with "Include /etc/ssh/sshd_config.d/*.conf". Add that line above all others.';; esac
sed "s#/etc/ssh/sshd_config[.]d/#$parts/#" /etc/ssh/sshd_config >"$main" && sshd -t -f "$main" || exit
sshd -T -f "$main" -C ${`user=${user},host=${from},addr=${from}`} >"$parts/settings" || exit
has() { awk -v word="$1" 'tolower($1) == word { $1 = ""; print tolower($0) }' "$parts/settings"; }
refused() { say "it would refuse the login of "${user}", which infra uses: $1"; }
case $(has pubkeyauthentication) in *no|*false) refused 'PubkeyAuthentication is no';; esac
case $(has forcecommand) in ''|*none) ;; *) refused 'ForceCommand replaces every command';; esac
[ "$(has maxsessions)" != ' 0' ] || refused 'MaxSessions is 0'
case ${user}:$(has permitrootlogin) in root:*no|root:*forced-commands-only) refused 'PermitRootLogin is not prohibit-password';; esac
want=${ports.join(' ')} got=$(echo $(has port | sort -n))
[ -z "$want" ] || [ "$want" = "$got" ] || say "another file makes sshd listen on $got. Remove its Port, so that "$want" remains."
before=$(echo $(sshd -T 2>/dev/null | awk 'tolower($1) == "port" { print $2 }' | sort -n))
[ "$got" = "$before" ] || ! systemctl is-active --quiet ${socket} ||
say ${`systemd listens for sshd here. Before Port can be changed, set ListenStream= in a drop-in of ${socket}, or disable ${socket}.`})`,
  );
}

/**
 * Makes sshd read its configuration without ending a session. A reload is only a signal: until sshd has opened its
 * sockets again, a new connection would still get the old configuration, and confirm a change that locks everyone out.
 * An sshd that failed is started; one that does not run (early in a boot, or while systemd listens for it) reads the
 * file when it starts.
 */
export function activateSshd(service: string): Command {
  const unit = `${service}.service`;
  return showAs(
    `systemctl reload ${service}`,
    sh`case $(systemctl is-active ${unit}) in
active|reloading)
p=$(systemctl show --property=MainPID --value ${unit}) i=0
sockets() { readlink "/proc/$p/fd/"* 2>/dev/null | grep socket; }
s=$(sockets); systemctl reload ${unit} || exit
while [ "$s" ] && [ "$(sockets)" = "$s" ] && [ $i -lt 30 ]; do sleep 0.1; i=$((i + 1)); done;;
failed) systemctl reset-failed ${unit}; systemctl start ${unit};;
esac`,
  );
}
