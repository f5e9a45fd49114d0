import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'ava';
import {loadPages, type Page, proseOf} from './pages.js';

const pages = loadPages();

test('every link leads to a file and a heading that exist', (t) => {
  const broken = pages.flatMap((page) =>
    linksIn(page)
      .filter((link) => !leads(page, link))
      .map((link) => `${page.file}: ${link}`),
  );
  t.deepEqual(broken, []);
});

test('every page can be reached from the README', (t) => {
  const reached = new Set(['README.md']);
  for (const file of reached) {
    const page = pages.find((each) => each.file === file);
    for (const link of page ? linksIn(page) : []) reached.add(join(dirname(file), link.split('#')[0] || '.'));
  }
  t.deepEqual(
    pages.map(({file}) => file).filter((file) => !reached.has(file)),
    [],
  );
});

test('no two headings of a page have one name', (t) => {
  const doubled = pages.flatMap(({file, text}) => {
    const anchors = anchorsIn(text);
    return anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index).map((anchor) => `${file}#${anchor}`);
  });
  t.deepEqual(doubled, []);
});

function linksIn(page: Page): readonly string[] {
  const found = proseOf(page).matchAll(/\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g);
  return [...found].map(([, link, image]) => link ?? image ?? '').filter((link) => !/^https?:/.test(link));
}

function leads(page: Page, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page.file : join(dirname(page.file), path);
  return existsSync(file) && (anchor === undefined || anchorsIn(readFileSync(file, 'utf8')).includes(anchor));
}

/** As GitHub makes them from headings. */
function anchorsIn(text: string): readonly string[] {
  const headings = text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
