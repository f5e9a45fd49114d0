import {appendFile, mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {newProject} from '../support/project.js';

const PLAYBOOK = `import {play, playbook, sh, command} from 'infra';
// @ts-expect-error: the package tells no types
import {reloading} from 'handlers';

export default playbook('site', [
  play('web', {hosts: 'web1'}, [command({command: 'true', notify: {id: 'reload', command: sh\`\${reloading}\`}})]),
]);
`;

test('a saved plan is refused when a package that its playbook imports was edited', async (t) => {
  const project = await newProject(PLAYBOOK);
  t.teardown(() => rm(project.directory, {recursive: true}));
  const at = (name: string) => path.join(project.directory, name);
  await mkdir(at('node_modules/handlers'), {recursive: true});
  await writeFile(at('node_modules/handlers/package.json'), '{"type": "module", "exports": "./index.js"}');
  await writeFile(at('node_modules/handlers/index.js'), "export const reloading = 'true';\n");
  // Nothing listens there: a plan of a host that is out of reach is one too.
  await writeFile(at('hosts.yml'), 'web: {hosts: {web1: {address: 127.0.0.1, port: 1}}}\n');
  const env = {HOME: project.directory, XDG_CACHE_HOME: at('cache'), INFRA_SECRET_INFRA_PLAN_KEY: 'x'.repeat(40)};
  const files = ['--inventory', 'hosts.yml', '--playbook', 'site.ts'];
  const planned = await project.run(['plan', ...files, '--out', 'site.plan'], env);
  t.regex(planned.stderr, /Saved in site\.plan/);

  const same = await project.run(['apply', 'site.plan', '--yes'], env);
  t.notRegex(same.stderr, /has changed/);

  await appendFile(at('node_modules/handlers/index.js'), '// edited\n');
  const {code, stderr} = await project.run(['apply', 'site.plan', '--yes'], env);
  t.is(code, 1);
  t.regex(stderr, /node_modules\/handlers\/index\.js \(package\) has changed since the plan site\.plan was made/);
});
