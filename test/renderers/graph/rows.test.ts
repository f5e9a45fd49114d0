import test from 'ava';
import {ranksOf} from '../../../src/renderers/graph/rows.js';

/** Ranks of a graph such as `a>b b>c`, in the order of the letters. */
function ranks(graph: string): string {
  const links = graph.split(' ').map((pair) => ({from: pair.charAt(0), to: pair.charAt(2), both: false, entries: []}));
  const ids = [...new Set(links.flatMap(({from, to}) => [from, to]))].sort();
  const found = ranksOf(
    ids.map((id) => ({id, kind: 'hosts', title: id, lines: [], entries: []})),
    links,
  );
  return ids.map((id) => `${id}${found.get(id)}`).join(' ');
}

test('the row of a vertex is the longest path to it', (t) => {
  t.is(ranks('a>b b>c a>c c>d b>d'), 'a0 b1 c2 d3');
});

test('a link that closes a cycle is ignored', (t) => {
  t.is(ranks('a>b b>c c>b c>a'), 'a0 b1 c2');
  t.is(ranks('a>b b>b b>a'), 'a0 b1');
});

test('a vertex without incoming links is right above the first one that it connects to', (t) => {
  t.is(ranks('a>b b>c c>d e>d'), 'a0 b1 c2 d3 e2');
});

test('a vertex with more outgoing than incoming links is right above the first one that it connects to', (t) => {
  t.is(ranks('a>b b>c c>d c>g e>f f>d f>g'), 'a0 b1 c2 d3 e1 f2 g3');
  t.is(ranks('a>b b>c c>d e>f f>d'), 'a0 b1 c2 d3 e0 f1');
});
