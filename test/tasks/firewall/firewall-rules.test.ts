import test from 'ava';
import {Refusal} from '../../../src/model/index.js';
import {firewallRules} from '../../../src/tasks/index.js';

const {judge} = firewallRules({rules: ''}).open({templateDirectories: []});
const ask = (stdout: string) => () => judge({code: 0, stdout, stderr: '', truncated: false});

for (const [title, reply, message, nextStep] of [
  ['ufw', 'other ufw\nother table ip filter\n', 'ufw is active', 'ufw disable'],
  ['firewalld', 'other firewalld\n', 'firewalld is active', 'systemctl disable --now firewalld'],
  ['a table that drops by default', 'other table ip filter\n', 'table ip filter drops', 'nft delete table ip filter'],
] as const) {
  test(`a second firewall is refused with the next step: ${title}`, (t) => {
    const error = t.throws(ask(reply), {instanceOf: Refusal});
    t.true(error.message.includes(message), error.message);
    t.true(error.hint.includes(nextStep), error.hint);
  });
}

test('the next step after rules that nft refuses is named', (t) => {
  const stderr = 'Error: syntax error\n/etc/infra-firewall.nft is unchanged: the new content is invalid';
  const {hint} = firewallRules({rules: 'drp'});
  t.regex(String(hint?.({code: 1, stdout: '', stderr, truncated: false})), /fix the rule/);
});
