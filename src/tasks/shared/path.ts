import {posix} from 'node:path';
import type {Refused} from '../../model/index.js';

/** What is wrong with a path of a host, in words, or undefined. Names may hold anything but NUL. */
export function refusePath(path: string): Refused | undefined {
  if (!path.startsWith('/')) {
    const hint = `Begin it with a slash: '/${path.replace(/^(?:\.\/|~\/)/, '')}'.`;
    return {message: `the path ${JSON.stringify(path)} must be absolute`, hint};
  }
  if (/[\0\p{Surrogate}]/u.test(path)) return `the path ${JSON.stringify(path)} cannot be the name of a file`;
  const plain = posix.normalize(path).replace(/(.)\/$/s, '$1');
  return plain === path ? undefined : `write the path ${JSON.stringify(path)} as ${JSON.stringify(plain)}`;
}

/** What is wrong with a path whose whole tree is to be deleted, in words, or undefined. */
export function refuseDelete(path: string): string | undefined {
  const depth = path.split('/').length - 1;
  const top = /^\/[^/]*$/.test(path) && (path === '/' || SYSTEM.has(path.slice(1)));
  if (top || (depth === 2 && /^\/(usr|var|etc)\//.test(path) && SYSTEM_INSIDE.has(path))) {
    return `${path} belongs to the system and is not deleted`;
  }
  return undefined;
}

/** The Filesystem Hierarchy Standard 3.0, chapter 3, and what Debian adds. */
const SYSTEM = new Set(
  'bin boot dev etc home lib lib32 lib64 libx32 lost+found media mnt opt proc root run sbin srv sys tmp usr var'.split(
    ' ',
  ),
);

const SYSTEM_INSIDE = new Set(
  (
    '/usr/bin /usr/include /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/local /usr/sbin /usr/share /usr/src ' +
    '/var/backups /var/cache /var/lib /var/lock /var/log /var/mail /var/run /var/spool /var/tmp ' +
    '/etc/alternatives /etc/apt /etc/default /etc/init.d /etc/network /etc/pam.d /etc/ssh /etc/ssl /etc/sudoers.d ' +
    '/etc/systemd'
  ).split(' '),
);
