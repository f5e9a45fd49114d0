import {check, checkOptions, type Question, type Task} from '../../model/index.js';
import {type Command, type Reply, sh} from '../../shell/index.js';

/**
 * A task for the hosts on which a condition holds: shell text that only reads, evaluated again with each probe. Where
 * it does not hold, `otherwise` is used, a task of the same type and id; without one the host has no desired state. For
 * what facts do not contain: a condition on facts or variables is an `if` in TypeScript.
 *
 * @example
 * onlyWhere(sh`test -d /run/systemd/system`, service({name: 'fstrim.timer'}))
 */
export function onlyWhere(condition: Command, task: Task, otherwise?: Task): Task {
  checkOptions(GIVEN, {condition, task, otherwise}, {what: 'onlyWhere'});
  return {
    ...task,
    open: (environment) => {
      const here = task.open(environment);
      const elsewhere = otherwise?.open(environment);
      return {
        ...here,
        probe: sh`if (${condition}
) >/dev/null 2>&1; then
${here.probe}
else echo ${ELSEWHERE}
${elsewhere?.probe ?? sh`:`}
fi`,
        judge: (reply) => (isElsewhere(reply) ? judgeElsewhere(elsewhere, reply) : here.judge(reply)),
      };
    },
  };
}

const aTask = check.custom<Task>('a task', undefined, (value) => check.isObject(value) && 'open' in value);

const GIVEN: check.Checks<{condition: Command; task: Task; otherwise?: Task}> = {
  condition: check.command,
  task: aTask,
  otherwise: check.optional(aTask),
};

/** What the probe prints first where the condition does not hold; no task's own probe prints it. */
const ELSEWHERE = 'infra: elsewhere';

const isElsewhere = ({stdout}: Reply) => stdout.startsWith(`${ELSEWHERE}\n`);

function judgeElsewhere(question: Question | undefined, reply: Reply) {
  const answer = {...reply, stdout: reply.stdout.slice(ELSEWHERE.length + 1)};
  return question?.judge(answer) ?? ({type: 'unchanged', absent: true} as const);
}
