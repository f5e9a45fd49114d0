import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type ListeningHost, renderSvg, topologyOf} from '../../../src/renderers/graph/index.js';
import {renderRunReport} from '../../../src/renderers/report/index.js';
import {browserTest, type Chromium, openChromium, type Tab} from '../../support/chromium.js';
import {hostNamed} from '../host-named.js';
import {AROUND, everything, HOSTILE, large} from './sample.js';

/* The page as its readers open it: from a file, in Debian's chromium. */

let chromium: Chromium;
const files: Record<string, string> = {};

const opening = {listens: 'tcp', ports: [80, 443], from: ['any'], because: `clients ${HOSTILE}`, role: 'r'} as const;
const listeners: readonly ListeningHost[] = [
  {host: {...hostNamed(`lb1${HOSTILE}`), groups: ['all', 'lb']}, openings: [opening]},
  {host: {...hostNamed('web1'), groups: ['all', 'web']}, openings: [{...opening, from: [{group: 'lb'}]}]},
];

browserTest.before(async () => {
  chromium = await openChromium();
  const directory = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  const drawing = {svg: renderSvg(topologyOf(`shop ${HOSTILE}`, listeners)), missing: []};
  const pages = {
    everything: renderRunReport(everything(), {...AROUND, drawing}),
    large: renderRunReport(large(200, 100), AROUND),
  };
  for (const [name, text] of Object.entries(pages)) {
    files[name] = `file://${path.join(directory, name)}.html`;
    await writeFile(path.join(directory, `${name}.html`), text);
  }
});

test.after.always(async () => {
  await chromium?.close();
});

interface Screen {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

async function open(page = 'everything', {width, height, scheme}: Screen = SCREENS[0]): Promise<Tab> {
  const tab = await chromium.open();
  const features = [{name: 'prefers-color-scheme', value: scheme}];
  await tab.send('Emulation.setEmulatedMedia', {features});
  await tab.send('Emulation.setDeviceMetricsOverride', {width, height, deviceScaleFactor: 1, mobile: width < 500});
  await tab.after('Page.loadEventFired', 'Page.navigate', {url: files[page]});
  return tab;
}

const SCREENS = [
  {width: 360, height: 740, scheme: 'light'},
  {width: 360, height: 740, scheme: 'dark'},
  {width: 1280, height: 800, scheme: 'light'},
  {width: 1280, height: 800, scheme: 'dark'},
] as const;

const OPEN_ALL = `for (const each of document.querySelectorAll('details')) each.open = true`;

/** Pixels that the page is wider than its window. */
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Nothing was loaded but the page, and nobody complained. */
function quiet(t: ExecutionContext, {events}: Tab, url: string | undefined): void {
  const named = (method: string) => events.filter((event) => event.method === method).map(({params}) => params);
  const requests = named('Network.requestWillBeSent').map(({request}) => (request as {readonly url: string}).url);
  t.deepEqual(requests, [url]);
  for (const method of ['Log.entryAdded', 'Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Audits.issueAdded'])
    t.deepEqual(named(method), []);
}

for (const screen of SCREENS) {
  browserTest(
    `it fits ${screen.width}x${screen.height} in ${screen.scheme}, loads nothing and says nothing`,
    async (t) => {
      const tab = await open('everything', screen);
      for (const step of ['0', OPEN_ALL]) {
        await tab.evaluate(step);
        t.is(await tab.evaluate(OVERFLOW), 0);
      }
      const ground = await tab.evaluate('getComputedStyle(document.body).backgroundColor');
      t.is(ground, screen.scheme === 'dark' ? 'rgb(11, 17, 32)' : 'rgb(255, 255, 255)');
      quiet(t, tab, files.everything);
    },
  );
}

browserTest('what comes from elsewhere is text and nothing else', async (t) => {
  const tab = await open();
  t.is(await tab.evaluate(`document.querySelectorAll('img, script, iframe, object, link, form').length`), 0);
  t.is(await tab.evaluate(`document.querySelectorAll('style').length`), 2);
  const text = String(await tab.evaluate('document.body.textContent'));
  t.true(text.includes('web2</script></style><img src=x onerror=alert(1)>"\'&␇<U+202E>'));
  t.regex(String(await tab.evaluate('document.title')), /^shop failed on 1 of 3 hosts: run /);
});

const KEYS = {
  Tab: {key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9},
  Enter: {key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r'},
} as const;

async function press(tab: Tab, key: keyof typeof KEYS): Promise<void> {
  await tab.send('Input.dispatchKeyEvent', {type: 'keyDown', ...KEYS[key]});
  await tab.send('Input.dispatchKeyEvent', {type: 'keyUp', ...KEYS[key]});
}

/** Numbers what can be folded, and tells where the focus is. */
const NUMBER = `document.querySelectorAll('summary').forEach((each, index) => { each.dataset.number = index; })`;
const FOCUS = `(({tagName, className, dataset}) => [tagName, className, dataset.number ?? ''].join(' '))(document.activeElement)`;

browserTest('the keyboard alone reaches the skip link and every fold, sees where it is, and opens them', async (t) => {
  const tab = await open('everything', SCREENS[2]);
  await tab.evaluate(OPEN_ALL);
  await tab.evaluate(NUMBER);
  const count = Number(await tab.evaluate(`document.querySelectorAll('summary').length`));
  const stops = Number(await tab.evaluate(`document.querySelectorAll('a, summary, [tabindex="0"]').length`));
  const visited: string[] = [];
  for (let stop = 0; stop < stops; stop += 1) {
    await press(tab, 'Tab');
    visited.push(String(await tab.evaluate(FOCUS)));
    const outline = `getComputedStyle(document.activeElement).outlineStyle`;
    t.is(await tab.evaluate(outline), 'solid', visited.at(-1));
  }
  t.is(visited[0], 'A skip ');
  t.deepEqual(
    visited.filter((each) => each.startsWith('SUMMARY')).map((each) => Number(each.split(' ').at(-1))),
    Array.from({length: count}, (_, index) => index),
  );
  t.true(count >= 5);
  await tab.evaluate(`document.querySelector('details.step').open = false`);
  await tab.evaluate(`document.querySelector('details.step summary').focus()`);
  await press(tab, 'Enter');
  t.true(await tab.evaluate(`document.querySelector('details.step').open`));
});

browserTest('the skip link leads past the parts of the page', async (t) => {
  const tab = await open();
  await press(tab, 'Tab');
  await press(tab, 'Enter');
  t.is(await tab.evaluate('document.activeElement.id'), 'main');
});

browserTest('on paper folds are open, in light colours whatever the screen has, and it can be printed', async (t) => {
  const tab = await open('everything', SCREENS[3]);
  const folded = `getComputedStyle(document.querySelector('details.step'), '::details-content').contentVisibility`;
  t.is(await tab.evaluate(folded), 'hidden');
  await tab.send('Emulation.setEmulatedMedia', {
    media: 'print',
    features: [{name: 'prefers-color-scheme', value: 'dark'}],
  });
  t.is(await tab.evaluate(folded), 'visible');
  t.is(await tab.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)');
  const {data} = await tab.send('Page.printToPDF', {});
  t.is(Buffer.from(String(data), 'base64').subarray(0, 5).toString(), '%PDF-');
});

browserTest('a run of 100 tasks on 200 hosts opens', async (t) => {
  const tab = await open('large', SCREENS[0]);
  t.is(await tab.evaluate(`document.querySelectorAll('.hosts li').length`), 200);
  t.is(await tab.evaluate(OVERFLOW), 0);
  quiet(t, tab, files.large);
});
