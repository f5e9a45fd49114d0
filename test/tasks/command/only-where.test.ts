import test from 'ava';
import {sh} from '../../../src/shell/index.js';
import {onlyWhere, service} from '../../../src/tasks/index.js';

const reply = (stdout: string) => ({code: 0, stdout, stderr: '', truncated: false});
const environment = {templateDirectories: []};
const STOPPED = 'Id=nginx.service\nLoadState=loaded\nUnitFileState=disabled\nActiveState=inactive\n';

test('where the condition holds, the task judges as it does alone', (t) => {
  const task = service({name: 'nginx'});
  const question = onlyWhere(sh`test -e /x`, task).open(environment);
  t.deepEqual(question.judge(reply(STOPPED)), task.open(environment).judge(reply(STOPPED)));
  t.regex(question.probe.reveal(), /if \(test -e \/x\n\) >\/dev\/null 2>&1; then\n/);
});

test('elsewhere there is no desired state', (t) => {
  const question = onlyWhere(sh`false`, service({name: 'nginx'})).open(environment);
  t.deepEqual(question.judge(reply('infra: elsewhere\n')), {type: 'unchanged', absent: true});
});

test('elsewhere another desired state is used where one is given', (t) => {
  const enabled = service({name: 'nginx', running: 'any'});
  const question = onlyWhere(sh`false`, service({name: 'nginx'}), enabled).open(environment);
  const verdict = question.judge(reply(`infra: elsewhere\n${STOPPED}`));
  t.deepEqual(verdict.type === 'change' && verdict.diff.map(({name}) => name), ['enabled']);
});
