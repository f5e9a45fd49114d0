import test from 'ava';
import {mirrorsIn, renderSquidConfig} from '../../../src/lab/machine/squid.js';

const options = {state: '/s', cache: '/c', mirrors: ['a.example', 'b.example']};

test('mirrors are the hosts of http sources, each once', (t) => {
  const sources = `deb http://a.example/debian x main
deb [trusted=yes] http://b.example:80/security x main
URIs: http://a.example/other
deb file:/srv/mirror x main
`;
  t.deepEqual(mirrorsIn(sources), ['a.example', 'b.example']);
});

test('hosts of the lab reach only the mirrors', (t) => {
  const lines = renderSquidConfig(options).split('\n');
  t.true(lines.includes('http_port 198.18.0.1:3142'));
  t.deepEqual(
    lines.filter((line) => line.startsWith('acl') || line.startsWith('http_access')),
    [
      'acl lab src 198.18.0.0/24',
      'acl mirrors dstdomain a.example b.example',
      'acl web port 80',
      'http_access deny CONNECT',
      'http_access allow lab mirrors web',
      'http_access deny all',
    ],
  );
});

test("the machine's own proxy becomes the parent", (t) => {
  const text = renderSquidConfig({...options, parent: 'http://me:p%40ss@up.example:3128/'});
  t.regex(text, /^cache_peer up\.example parent 3128 0 no-query no-digest default login=me:p%40ss$/m);
  t.regex(text, /^never_direct allow all$/m);
  t.notRegex(renderSquidConfig(options), /cache_peer|never_direct/);
});
