import test from 'ava';
import {html} from '../../../src/renderers/report/html.js';
import {
  drawingSection,
  footOf,
  PAGE_MARK,
  renderHead,
  renderPage,
  timeOf,
  typed,
} from '../../../src/renderers/report/page.js';

const HEAD = {kind: 'infra run', title: 'Done', lead: 'Well.', counts: [], facts: [], notes: []};

const page = (...ids: readonly string[]) =>
  renderPage({
    title: '<Run>',
    head: renderHead(HEAD),
    sections: ids.map((id) => ({id, title: `About ${id} & more`, body: html`<p>${id}</p>`})),
    foot: footOf('1.2.3'),
  });

test('each section has a link to it and a heading that names it, in the order given', (t) => {
  const text = page('hosts', 'changes');
  const links = [...text.matchAll(/<li><a href="#(\w+)">(.*?)<\/a>/g)].map(([, id, title]) => `${id}: ${title}`);
  t.deepEqual(links, ['hosts: About hosts &#38; more', 'changes: About changes &#38; more']);
  for (const id of ['hosts', 'changes'])
    t.true(
      text.includes(`<section id="${id}" aria-labelledby="${id}-h">\n<h2 id="${id}-h">About ${id} &#38; more</h2>`),
    );
});

test('every id of a page is there once, and every link leads to one', (t) => {
  const text = page('hosts', 'changes', 'topology');
  const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  t.is(new Set(ids).size, ids.length);
  for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) t.true(ids.includes(target), target);
});

test('a page is known by its mark, has a title that is text, and says its version at the end', (t) => {
  const text = page();
  t.true(text.startsWith('<!doctype html>\n<html lang="en">'));
  t.true(text.includes(PAGE_MARK));
  t.true(text.includes('<title>&#60;Run&#62;</title>'));
  t.true(text.includes('Made by infra 1.2.3. '));
  t.true(text.endsWith('</html>\n'));
});

test('the top has notes, counts and facts in their order, and a value that is HTML stays so', (t) => {
  const {text} = renderHead({
    ...HEAD,
    counts: [
      [2, 'hosts'],
      [0, 'failed'],
    ],
    facts: [
      ['File', typed('/a & b')],
      ['By', '<alice>'],
    ],
    notes: ['Read this.'],
  });
  t.true(
    text.includes(
      '<p class="note">Read this.</p>\n<ul class="counts"><li><b>2</b> hosts</li><li><b>0</b> failed</li></ul>',
    ),
  );
  t.true(text.includes('<dt>File</dt><dd><span class="m">/a &#38; b</span></dd><dt>By</dt><dd>&#60;alice&#62;</dd>'));
});

test('a time is shown to the second, in UTC, and machines get all of it', (t) => {
  t.is(
    timeOf('2026-11-22T10:30:04.567Z').text,
    '<time datetime="2026-11-22T10:30:04.567Z">2026-11-22 10:30:04 UTC</time>',
  );
});

test('a drawing is put in as it is, with what it lacks; without one there is the reason', (t) => {
  const {id, title, body} = drawingSection({svg: '<svg id="x"/>', missing: ['web1 <down>']});
  t.deepEqual([id, title], ['topology', 'Topology']);
  t.true(body.text.startsWith('<p class="q">Not drawn: web1 &#60;down&#62;</p>\n<div class="scroll"'));
  t.true(body.text.endsWith('<svg id="x"/></div>'));
  t.is(drawingSection({because: 'a < b'}).body.text, '<p>a &#60; b</p>');
});
