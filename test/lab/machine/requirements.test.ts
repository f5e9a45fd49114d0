import test from 'ava';
import {LabError} from '../../../src/lab/lab.js';
import {
  missingRequirements,
  packagesOf,
  requirePackages,
  requireRootOnLinux,
} from '../../../src/lab/machine/requirements.js';

test('missing tools are named with the packages that have them, each once', (t) => {
  const missing = missingRequirements((path) => !/ssh|squid/.test(path));
  t.deepEqual(packagesOf(missing), ['squid', 'openssh-client']);
  const error = t.throws(() => requirePackages(missing), {instanceOf: LabError});
  t.regex(error?.message ?? '', /squid, ssh, ssh-keygen/);
  t.regex(error?.hint ?? '', /--install.*apt-get install squid openssh-client/);
});

test('a tool is found wherever Debian puts it', (t) => {
  t.deepEqual(
    missingRequirements((path) => path.startsWith('/usr/sbin/') || path.endsWith('.pgp')),
    [],
  );
  t.notThrows(() => requirePackages([]));
});

test('the lab needs Linux and root, and says which is missing', (t) => {
  t.throws(() => requireRootOnLinux('darwin', 0), {message: /needs Linux/});
  t.throws(() => requireRootOnLinux('linux', 1000), {message: /needs root/});
  t.notThrows(() => requireRootOnLinux('linux', 0));
});
