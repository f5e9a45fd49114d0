import test from 'ava';
import {InputError, type Task} from '../../../src/model/index.js';
import {optionMeant, SYNONYMS} from '../../../src/model/playbook/synonyms.js';
import * as tasks from '../../../src/tasks/index.js';

/** As JavaScript has it: a constructor by the name of its task type, and options of no type. */
function faultsOf(type: string, options: object): readonly string[] {
  const constructors: Readonly<Record<string, unknown>> = tasks;
  const construct = constructors[type] as (options: object) => Task;
  try {
    construct(options);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({message, hint}) => `${message} | ${hint}`);
  }
}

for (const [type, synonyms] of Object.entries(SYNONYMS)) {
  test(`${type}: the names of other tools are answered with an option that it has`, (t) => {
    for (const [name, written] of Object.entries(synonyms)) {
      const unknown = `${type}: there is no option "${name}" | Write ${written}.`;
      t.true(faultsOf(type, {[name]: 1}).includes(unknown), `${name}: ${faultsOf(type, {[name]: 1})}`);
      const [option = ''] = written.split(':');
      const said = faultsOf(type, {[option]: Symbol('of no type')}).join('\n');
      t.false(said.includes(`there is no option "${option}"`), `${option} is not an option`);
      t.regex(said, new RegExp(`the option "${option}" must be`));
    }
  });
}

test('a name that is known to no tool gets the nearest option, and so does one in another task type', (t) => {
  t.is(optionMeant('file', 'contnt'), undefined);
  t.is(optionMeant('file', 'toString'), undefined);
  t.is(optionMeant('nothing', 'name'), undefined);
  t.true(faultsOf('file', {contnt: 'x'}).includes('file: there is no option "contnt" | Did you mean "content"?'));
  t.true(faultsOf('service', {nmae: 'x'}).includes('service: there is no option "nmae" | Did you mean "name"?'));
});
