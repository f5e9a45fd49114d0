import test from 'ava';
import {renderMermaid, topologyOf} from '../../../src/renderers/graph/index.js';
import {listenersOf, site} from './listeners.js';

test('a vertex has its title and hosts; a link has ports and reasons', (t) => {
  const lines = renderMermaid(site())
    .split('\n')
    .map((line) => line.trim());
  t.is(lines[0], 'flowchart TB');
  t.true(lines.includes('hosts2["<b>web</b><br/>web1 192.0.2.21<br/>web2 192.0.2.22"]'));
  t.true(lines.includes('address1{{"<b>virtual address</b><br/>192.0.2.10<br/>2001:db8::10"}}:::address'));
  t.true(lines.includes('clients -->|"tcp 80, 443: clients"| address1'));
  t.true(lines.includes('address1 --> hosts1'));
  t.true(lines.includes('hosts3 <-->|"tcp 3306: SQL"| hosts4'));
  t.true(lines.includes('everywhere["Every host has tcp 22 open for anyone (SSH)."]:::note'));
});

test("a reason of the user's cannot become part of the chart", (t) => {
  const because = 'a "b" | <i>#35;`c`\nx --> y';
  const inventory = 'web: {hosts: {web1: {address: 192.0.2.1}}}';
  const text = renderMermaid(topologyOf('t;#\nx', listenersOf(inventory, {web: [{tcp: 1, from: 'any', because}]})));
  t.true(text.includes('|"tcp 1: a #34;b#34; | #60;i#62;#35;35;#96;c#96; x --#62; y"|'), text);
  t.true(text.includes('accTitle: t x\n'), text);
});
