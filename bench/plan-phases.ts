/*
 * A plan step by step, as the command runs it, with a stopwatch: node plan-phases.js INVENTORY. Prints JSON: for each
 * phase, in order, the milliseconds from the start of the process to its end.
 */
const marks: Record<string, number> = {};
const mark = (phase: string) => {
  marks[phase] = performance.now();
};

mark('Node started');
await import('commander');
const options = {inventory: process.argv[2] ?? '', playbook: 'test/hosts/playbooks/plain.ts'};
const {projectHere} = await import('../src/local/project.js');
const {beginEarly} = await import('../src/session/planning-options.js');
const project = projectHere();
const early = await beginEarly(project, options);
mark('connections begun');
const {openConsole} = await import('../src/session/console.js');
const {closeAll, loadSession, planSession} = await import('../src/session/session.js');
const {renderPlan} = await import('../src/renderers/index.js');
mark('modules loaded');
const out = openConsole(project);
const session = await loadSession(project, options, out, early);
mark("the user's files loaded");
const planned = await planSession(session, ({type}) => {
  if (type === 'host-connected') mark('all hosts reached, facts read');
  if (type === 'host-planned') mark('all probes answered, planned');
});
renderPlan({playbook: session.playbook, hosts: planned.map(({plan}) => plan)}, out.style);
mark('rendered');
await closeAll(planned);
mark('connections closed');
process.stdout.write(JSON.stringify(marks));
process.exit();
