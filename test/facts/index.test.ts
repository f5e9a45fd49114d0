import test from 'ava';
import {parseFacts} from '../../src/facts/index.js';
import {HostError, KNOWN_DISTRIBUTIONS} from '../../src/model/index.js';

const factsOf = (stdout: string) => parseFacts({code: 0, stdout, stderr: '', truncated: false});

test('a release is known by its codename, also the rolling one, which has the codename of the next', (t) => {
  const release = (text: string) => {
    const {os, codename, version} = factsOf(text);
    return [os, codename, version];
  };
  t.deepEqual(release('ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n'), ['debian', 'trixie', '13']);
  t.deepEqual(release('ID=debian\nVERSION_CODENAME=forky\n'), ['debian', 'sid', '']);
  t.deepEqual(release('ID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n'), ['ubuntu', 'noble', '24.04']);
  t.deepEqual(release('ID=ubuntu\nVERSION_CODENAME=noble\n'), ['ubuntu', 'noble', '']);
});

test('a distribution that is not in the table is refused, by the name that it gives itself', (t) => {
  const error = t.throws(() => factsOf('PRETTY_NAME="Arch Linux"\nID=arch\nID_LIKE=debian\n'), {instanceOf: HostError});
  t.like(error.failure, {
    reason: 'unsupported-host',
    message: 'the operating system is Arch Linux',
    hint: `Take the host out of the inventory, or reinstall it: infra manages ${KNOWN_DISTRIBUTIONS}.`,
  });
});
