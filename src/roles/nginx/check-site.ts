import {posix} from 'node:path';
import {type Command, raw, sh} from '../../shell/index.js';

/**
 * Shell text that tests a site's file before it is live: the server's own `nginx.conf` and every enabled site, with
 * `candidate` in place of the site `name` and without the package's default site. Fails as `nginx -t` fails. Leaves no
 * files: the main file that it needs is in /etc/nginx only during the test, so that relative paths mean the same. Both
 * names are fixed, since only one run at a time changes a host: the files of a test that was killed are replaced.
 */
export function checkSite(name: string, candidate: string, enabledSites: string): Command {
  return check(sh`/etc/nginx/nginx.conf`, name, sh`ln -s -- ${candidate} "$sites"/${name}`, enabledSites);
}

/**
 * The same for `nginx.conf` itself, without the site `name`: it is written later, and may be the broken one.
 */
export function checkMain(name: string, candidate: string, enabledSites: string): Command {
  return check(sh`${candidate}`, name, raw(':'), enabledSites);
}

function check(file: Command, name: string, addSite: Command, enabledSites: string): Command {
  const directory = posix.basename(enabledSites);
  return sh`(sites=/run/infra-nginx main=/etc/nginx/.infra-nginx
trap 'rm -rf -- "$sites" "$main"' EXIT; trap 'exit 143' HUP INT PIPE TERM
rm -rf -- "$sites" "$main" && mkdir -m 0700 -- "$sites" || exit
find -L ${enabledSites} -maxdepth 1 -type f ! -name '.*' ! -name default ! -name ${name} -exec ln -st "$sites" -- {} +
${addSite}
grep -q ${`^[^#]*${directory}/`} ${file} || { echo ${`/etc/nginx/nginx.conf does not include ${directory}`} >&2; exit 1; }
sed "s#[^[:space:]]*${raw(directory)}/#$sites/#" ${file} >"$main" && nginx -t -q -c "$main")`;
}
