import test from 'ava';
import {renderSvg, topologyOf} from '../../../src/renderers/graph/index.js';
import {listenersOf, SITE, SITE_SPECS, site} from './listeners.js';

/** What is wrong with a text as XML without processing instructions: tags in order, attributes quoted, signs escaped. */
function faultIn(xml: string): string | undefined {
  const open: string[] = [];
  const rest = xml.replace(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (tag, close, name, _, empty) => {
    if (close === '/' && open.pop() !== name) open.push(`unopened ${tag}`);
    if (close === '' && empty === '') open.push(name);
    return '';
  });
  return open[0] ?? /[<]|&(?!#\d+;)/.exec(rest)?.[0];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxesIn(svg: string): Box[] {
  const found = svg.matchAll(/<rect class="box" x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"/g);
  return [...found].map((match) => {
    const [x = 0, y = 0, width = 0, height = 0] = match.slice(1).map(Number);
    return {x, y, width, height};
  });
}

const touch = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Many kinds in a row, each open for the one before and for the clients. */
function wide(): string {
  const names = Array.from({length: 12}, (_, index) => `group${index}`);
  const inventory = names.map((name, index) => `${name}: {hosts: {h${index}: {address: 192.0.2.${index + 1}}}}`);
  const specs = names.map((name, index) => {
    const from = index % 3 === 0 ? 'any' : {group: names[index - 1] ?? ''};
    return [name, [{tcp: 8000 + index, from, because: 'x'.repeat(index * 9)}]] as const;
  });
  return renderSvg(topologyOf('wide', listenersOf(inventory.join('\n'), Object.fromEntries(specs))));
}

test('the drawing is well-formed XML with any texts', (t) => {
  t.is(faultIn(renderSvg(site())), undefined);
  const because = `</text><script>alert("1")</script> & ' ]]> \u0001`;
  const nasty = topologyOf('a < b & "c"', listenersOf(SITE, {...SITE_SPECS, web: [{tcp: 1, from: 'any', because}]}));
  const svg = renderSvg(nasty);
  t.is(faultIn(svg), undefined);
  t.false(svg.includes('<script'));
  t.false(svg.includes('\u0001'));
  for (const wrong of ['<a><b></a>', '<a>', '<a x="<"></a>', '<a>&</a>', '<a>1 < 2</a>'])
    t.not(faultIn(wrong), undefined);
});

test('the drawing loads nothing, has light and dark colours, and a description for those who do not see it', (t) => {
  const svg = renderSvg(site());
  t.notRegex(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|href|<image|@import|@font-face/);
  t.true(svg.includes('@media (prefers-color-scheme:dark)'));
  t.regex(svg, /role="img" aria-labelledby="title desc"/);
  t.true(svg.includes('<title id="title">site</title>'));
  t.true(svg.includes('clients connects to virtual address (192.0.2.10, 2001:db8::10) on tcp 80, 443 (clients).'));
});

test('boxes do not touch and stay inside the drawing', (t) => {
  for (const svg of [renderSvg(site()), wide()]) {
    const boxes = boxesIn(svg);
    const [, width = 0, height = 0] = (/width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number);
    t.true(boxes.length >= 6);
    t.deepEqual(
      boxes.filter((box) => boxes.some((other) => other !== box && touch(box, other))),
      [],
    );
    t.deepEqual(
      boxes.filter(({x, y, width: own, height: tall}) => x < 0 || y < 0 || x + own > width || y + tall > height),
      [],
    );
  }
});

test('a long reason is cut, and has its whole text as a tooltip', (t) => {
  const because = `${'long '.repeat(20)}end`;
  const svg = renderSvg(topologyOf('t', listenersOf(SITE, {...SITE_SPECS, web: [{tcp: 1, from: 'any', because}]})));
  t.true(svg.includes(`<title>${because}</title>`));
  t.true(svg.includes(`</title>${'long '.repeat(7)}long…</text>`));
});

test('an empty topology can be drawn', (t) => {
  const svg = renderSvg(topologyOf('empty', []));
  t.is(faultIn(svg), undefined);
  t.notRegex(svg, /NaN|Infinity|undefined/);
});
