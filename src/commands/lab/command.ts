import {Command} from 'commander';
import {recordedProject} from '../../lab/hosts/host.js';
import {type Lab, labPaths} from '../../lab/lab.js';
import type {Project} from '../../local/project.js';
import {styled} from '../../model/text/styled-text.js';
import {examples} from '../../session/output-options.js';
import {writeText} from '../../session/streams.js';

const HELP = `
Hosts are containers with systemd and an SSH server, on an isolated network, with the addresses of an inventory. It needs
root on Debian or Ubuntu.

Examples:
  infra lab up --inventory inventory/lab.yml
  infra lab ssh web1 systemctl --failed   without a command: a shell
  infra lab reset web1                    bare again
  infra lab save installed                saves all disks as they are now
  infra lab reset --to installed          restores them
  infra lab down                          removes everything except the cache`;

/** `infra lab`: disposable real Debian hosts on this machine. */
export function labCommand(project: Project): Command {
  const lab = new Command('lab')
    .description('disposable Debian hosts on this machine, for trying things out')
    .addHelpText('after', HELP);
  // `infra lab ssh HOST ls -l`: the words after the host are its command.
  lab.enablePositionalOptions();
  const commands = [up, down, status, ssh, reset, save, forget, reboot];
  for (const command of commands) lab.addCommand(command(project));
  return lab;
}

function up(project: Project) {
  return new Command('up')
    .description('boot the hosts of an inventory that do not run yet; running ones keep their disks')
    .argument('[hosts...]', 'only these hosts of the inventory')
    .option('-i, --inventory <file>', 'inventory file (default: $INFRA_INVENTORY, or the only one in inventory/)')
    .option('--install', 'install the Debian packages that the lab needs on this machine')
    .addHelpText('after', examples('infra lab up --install', 'infra lab up web1 web2 --inventory inventory/lab.yml'))
    .action((names: string[], options: {inventory?: string; install?: boolean}) =>
      finish(project, async () => {
        const [{inventoryHosts, prepareMachine}, {raiseLab}] = await Promise.all([
          import('./run.js'),
          import('../../lab/up.js'),
        ]);
        const hosts = await inventoryHosts(project, options.inventory, names);
        await changeLab(
          project,
          async (lab) => {
            await prepareMachine(options.install === true, lab.report);
            await raiseLab(lab, hosts);
            lab.report(`The lab is up. Try: infra lab ssh ${hosts[0]?.name ?? 'HOST'}`);
          },
          labPaths(project.root, project.env),
        );
      }),
    );
}

function down(project: Project) {
  return new Command('down')
    .description('remove the lab with its disks and saved states; images and packages stay in the cache')
    .argument('[host...]', 'only these hosts')
    .addHelpText('after', examples('infra lab down', 'infra lab down web1 web2'))
    .action((names: string[]) =>
      finish(project, async () => {
        const {removeHosts, removeLab} = await import('../../lab/down.js');
        await changeLab(project, ({paths}) => (names.length > 0 ? removeHosts(paths, names) : removeLab(paths)));
      }),
    );
}

function status(project: Project) {
  return new Command('status')
    .description('show the lab, its hosts and its saved states')
    .addHelpText('after', examples('infra lab status', 'infra lab status | grep web'))
    .action(() =>
      finish(project, async () => {
        const [{labStatus}, {renderLabStatus}] = await Promise.all([import('../../lab/status.js'), import('./run.js')]);
        writeText(project.stdout, renderLabStatus(await labStatus(await currentPaths(project))));
      }),
    );
}

function ssh(project: Project) {
  return new Command('ssh')
    .description('open a shell on a host as deploy, or run a command there')
    .argument('<host>', 'a host of the lab')
    .argument('[command...]', 'a command to run instead of a shell: all words after the host')
    .addHelpText('after', examples('infra lab ssh web1', 'infra lab ssh web1 -- systemctl --failed'))
    .passThroughOptions()
    .action((name: string, command: string[]) =>
      finish(project, async () => {
        const [{chosenHosts}, {openSsh}] = await Promise.all([
          import('../../lab/hosts/host.js'),
          import('../../lab/hosts/inside.js'),
        ]);
        const paths = await currentPaths(project);
        const [host] = await chosenHosts(paths, [name]);
        return host && openSsh(paths, host, command);
      }),
    );
}

function reset(project: Project) {
  return new Command('reset')
    .description('reset hosts to the bare image, or to a saved state, and boot them (all unless named)')
    .argument('[host...]', 'only these hosts')
    .option('--to <state>', 'a state that infra lab save kept; default: the bare image')
    .addHelpText('after', examples('infra lab reset', 'infra lab reset web1 db1', 'infra lab reset --to installed'))
    .action((names: string[], {to}: {to?: string}) =>
      finish(project, async () => {
        const {resetHosts, resetHostsTo} = await import('../../lab/reset.js');
        await changeLab(project, (lab) => (to === undefined ? resetHosts(lab, names) : resetHostsTo(lab, to, names)));
      }),
    );
}

function save(project: Project) {
  return new Command('save')
    .description('shut hosts down, keep their disks as a state, and boot them again (all unless named)')
    .argument('<state-name>', 'the name of the state')
    .argument('[host...]', 'only these hosts')
    .addHelpText('after', examples('infra lab save installed', 'infra lab save installed web1 web2'))
    .action((state: string, names: string[]) =>
      finish(project, async () => {
        const {saveHosts} = await import('../../lab/save.js');
        await changeLab(project, (lab) => saveHosts(lab, state, names));
      }),
    );
}

function forget(project: Project) {
  return new Command('forget')
    .description('delete saved states; hosts that were reset to one keep their disks')
    .argument('<state...>', 'saved states')
    .addHelpText('after', examples('infra lab forget installed'))
    .action((names: string[]) =>
      finish(project, async () => {
        const {forgetStates} = await import('../../lab/save.js');
        await changeLab(project, ({paths}) => forgetStates(paths, names));
      }),
    );
}

function reboot(project: Project) {
  return new Command('reboot')
    .description('restart hosts with their disks (all unless named)')
    .argument('[host...]', 'only these hosts')
    .addHelpText('after', examples('infra lab reboot', 'infra lab reboot lb1'))
    .action((names: string[]) =>
      finish(project, async () => {
        const {rebootHosts} = await import('../../lab/reset.js');
        await changeLab(project, (lab) => rebootHosts(lab, names));
      }),
    );
}

async function finish(project: Project, work: () => Promise<number | undefined>) {
  const {exitCodeOf} = await import('./run.js');
  project.exitWith(await exitCodeOf(project, work));
}

async function changeLab(project: Project, work: (lab: Lab) => Promise<void>, paths?: Lab['paths']) {
  const [{requireRootOnLinux}, {withLabLock}, {gatherAptSettings}] = await Promise.all([
    import('../../lab/machine/requirements.js'),
    import('../../lab/machine/lock.js'),
    import('../../lab/machine/apt-settings.js'),
  ]);
  requireRootOnLinux();
  const report = (line: string) => writeText(project.stdout, styled`${line}\n`);
  const settings = await gatherAptSettings(project.env);
  const lab = {paths: paths ?? (await currentPaths(project)), settings, report};
  await withLabLock(report, () => work(lab));
}

// The same from any clone: the project that owns the running lab holds the key.
async function currentPaths({root, env}: Project) {
  const here = labPaths(root, env);
  return {...here, project: (await recordedProject(here)) ?? here.project};
}
