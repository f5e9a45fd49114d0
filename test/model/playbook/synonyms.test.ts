import test from 'ava';
import {InputError, listens, type Task} from '../../../src/model/index.js';
import {ANYWHERE, ROLE_SYNONYMS} from '../../../src/model/playbook/role-synonyms.js';
import {optionMeant, SYNONYMS} from '../../../src/model/playbook/synonyms.js';
import * as roles from '../../../src/roles/index.js';
import * as tasks from '../../../src/tasks/index.js';

/** As JavaScript has it: a constructor by the name of its task type, and options of no type. */
function faultsOf(type: string, options: object): readonly string[] {
  const constructors: Readonly<Record<string, unknown>> = {...tasks, ...roles, listens};
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

for (const [place, synonyms] of Object.entries(ROLE_SYNONYMS).filter(([name]) => name !== 'play')) {
  test(`${place}: the names that others give to its options are answered with one that it has`, (t) => {
    const [role = '', inner] = place.split('.');
    const within = (options: object) => (inner === undefined ? options : {[inner]: [options]});
    for (const [name, written] of Object.entries(synonyms)) {
      const said = faultsOf(role, within({[name]: 1}));
      t.true(
        said.some((each) => each.endsWith(`there is no option "${name}" | Write ${written}.`)),
        `${name}: ${said}`,
      );
      const [option = ''] = written.split(':');
      const wrong = faultsOf(role, within({[option]: Symbol('of no type')})).join('\n');
      t.false(wrong.includes(`there is no option "${option}"`), `${option} is not an option`);
    }
  });
}

test('what other tools know for any task is answered with the next step, in every task and role', (t) => {
  // Nginx has an option of its own for "listen".
  for (const [name, hint] of Object.entries(ANYWHERE).filter(([each]) => each !== 'listen')) {
    t.true(
      faultsOf('directory', {path: '/srv', [name]: 1}).includes(`directory: there is no option "${name}" | ${hint}`),
      name,
    );
    t.true(faultsOf('nginx', {[name]: 1}).includes(`role nginx: there is no option "${name}" | ${hint}`), name);
  }
});
