import test from 'ava';
import {parseAptSettings, renderBuildAptConf, renderHostAptConf} from '../../../src/lab/machine/apt-settings.js';

const dump = `Acquire "";
Acquire::Check-Date "false";
Acquire::http::Proxy "http://cache.example:3128/";
Acquire::http::Proxy::other.example "DIRECT";
`;

test("the machine's proxy and date checks come from apt-config", (t) => {
  t.deepEqual(parseAptSettings(dump), {proxy: 'http://cache.example:3128/', lenient: ['Acquire::Check-Date']});
  t.deepEqual(parseAptSettings('Acquire::Check-Valid-Until "true";\n'), {lenient: []});
});

test('a host reaches packages only through the lab, and an image is built with the settings of the machine', (t) => {
  const settings = parseAptSettings(dump);
  t.is(
    renderHostAptConf('trixie', settings),
    'Acquire::http::Proxy "http://198.18.0.1:3142";\nAcquire::Check-Date "false";\n',
  );
  t.is(
    renderBuildAptConf('trixie', settings),
    'Acquire::http::Proxy "http://cache.example:3128/";\nAcquire::Check-Date "false";\n',
  );
});

test('sid may have a Release file past its date, a stable release may not', (t) => {
  t.regex(renderHostAptConf('sid', {lenient: []}), /Check-Valid-Until "false"/);
  t.notRegex(renderHostAptConf('bookworm', {lenient: []}), /Check-Valid-Until/);
});
