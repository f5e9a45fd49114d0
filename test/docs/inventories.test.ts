import test from 'ava';
import {parseInventory} from '../../src/inventory/index.js';
import {loadPages, snippetsIn} from './pages.js';

const inventories = loadPages()
  .flatMap(snippetsIn)
  .filter(({kind}) => kind === 'yaml');

test('the inventories of the documentation can be read', (t) => {
  t.true(inventories.length > 0);
  for (const {page, line, code} of inventories) {
    t.notThrows(() => parseInventory(code, `${page.file}, line ${line}`));
    t.true(parseInventory(code, page.file).hosts.length > 2, page.file);
  }
});
