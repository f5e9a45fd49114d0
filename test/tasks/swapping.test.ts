import {spawn, spawnSync} from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {keepForUndo, putBack} from '../../src/engine/apply/step-command.js';
import {type Task, UnreadableReply} from '../../src/model/index.js';
import {type Command, Secret, sh} from '../../src/shell/index.js';
import {
  authorizedKey,
  block,
  certificate,
  directory,
  file,
  guardedFile,
  leftovers,
  line,
  permissions,
  symlink,
  template,
} from '../../src/tasks/index.js';
import {newAuthority} from '../support/authority.js';
import {textHere} from '../support/uploads.js';
import {applyLocally, planLocally} from './local-shell.js';
import {INTRUDER, startIntruders} from './swapper.js';

const asRoot = process.getuid?.() === 0 ? test.serial : test.skip;
/** Of each change against each attack. */
const TRIES = Number(process.env.INFRA_TEST_TRIES ?? 10);

interface Place {
  readonly root: string;
  /** The intruder's. */
  readonly home: string;
  /** In it, what the tasks change. */
  readonly app: string;
  /** Root's, with things of the same names. */
  readonly victims: string;
}

function place(t: ExecutionContext): Place {
  const root = mkdtempSync(join(tmpdir(), 'infra-swap-'));
  t.teardown(() => rmSync(root, {recursive: true, force: true}));
  chmodSync(root, 0o755);
  const [home, app, victims] = [join(root, 'home'), join(root, 'home/app'), join(root, 'victims')];
  for (const directory of [victims, join(victims, 'sub'), join(victims, 'app'), join(victims, '.ssh')])
    mkdirSync(directory);
  for (const directory of ['.', 'sub', 'app', '.ssh']) {
    for (const name of ['conf', 'key', 'authorized_keys', 'old']) {
      writeFileSync(join(victims, directory, name), `root of ${directory}/${name}\n`, {mode: 0o640});
    }
  }
  writeFileSync(join(victims, 'shadow'), 'root:secret\n', {mode: 0o600});
  for (const directory of [home, app]) {
    mkdirSync(directory);
    chownSync(directory, INTRUDER, INTRUDER);
  }
  return {root, home, app, victims};
}

/** Everything about the victims, but for how many names they have. */
function look(directory: string): string[] {
  return readdirSync(directory, {recursive: true, encoding: 'utf8'})
    .sort()
    .map((name) => {
      const path = join(directory, name);
      const {mode, uid, gid, ino} = lstatSync(path);
      const kind = lstatSync(path);
      const holds = kind.isFile() ? readFileSync(path, 'utf8') : kind.isSymbolicLink() ? readlinkSync(path) : '';
      return `${name} ${mode.toString(8)} ${uid}:${gid} ${ino} ${holds}`;
    });
}

/** Runs shell text as root, or as the intruder; it is ended after 20 seconds with code 124. */
async function run(text: string, uid = 0): Promise<{code: number | null; stderr: string}> {
  const words = ['timeout', '-s', 'KILL', '20', 'sh'];
  const [command = '', ...rest] = uid === 0 ? words : ['setpriv', `--reuid=${uid}`, '--clear-groups', ...words];
  const child = spawn(command, rest, {stdio: ['pipe', 'ignore', 'pipe']});
  child.stdin.on('error', () => {});
  child.stdin.end(`umask 022; (\n${text}\n) </dev/null`);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return {code, stderr};
}

interface Attempt {
  /** What the intruder has there before the change. */
  readonly before: (place: Place) => Command;
  readonly task: (place: Place) => Task | Promise<Task>;
}

const PATH = ({app}: Place) => join(app, 'conf');
const OWN = (place: Place) => sh`cd ${place.app} && echo own >own && chmod 0666 own && mv -fT own conf`;
const NOTHING = (place: Place) => sh`rm -rf ${PATH(place)}`;
const DIRECTORY = (place: Place) => sh`rm -rf ${PATH(place)}; mkdir -p ${PATH(place)}; echo x >${PATH(place)}/old`;
const OWNER = String(INTRUDER);
const TEMPLATES = [join(process.cwd(), 'test/tasks/templates')];
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=';
const KEPT = {name: 'sshd', activate: sh`:`} as const;

const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  'file, new': {before: NOTHING, task: (at) => file({path: PATH(at), content: 'new\n', owner: OWNER, mode: '0600'})},
  'file, rewritten': {before: OWN, task: (at) => file({path: PATH(at), content: 'new\n', owner: OWNER})},
  'file, checked': {
    before: OWN,
    task: (at) => file({path: PATH(at), content: 'new\n', validate: (path) => sh`grep -q new ${path}`}),
  },
  'file, mode': {before: OWN, task: (at) => file({path: PATH(at), content: 'own\n', mode: '0600'})},
  'file, owner': {before: OWN, task: (at) => file({path: PATH(at), content: 'own\n', owner: 'daemon', mode: '0640'})},
  'file, absent': {before: OWN, task: (at) => file({path: PATH(at), state: 'absent'})},
  template: {
    before: OWN,
    task: (at) => template({path: PATH(at), source: 'plain.conf', vars: {port: 80}, owner: OWNER}),
  },
  guardedFile: {before: OWN, task: (at) => guardedFile({...KEPT, path: PATH(at), content: 'new\n', owner: OWNER})},
  line: {before: OWN, task: (at) => line({path: PATH(at), line: 'new'})},
  'line, secret': {before: OWN, task: (at) => line({path: PATH(at), line: new Secret('own')})},
  block: {before: OWN, task: (at) => block({path: PATH(at), name: 'x', block: 'new'})},
  'directory, new': {
    before: NOTHING,
    task: (at) => directory({path: join(PATH(at), 'sub'), owner: OWNER, mode: '2770'}),
  },
  directory: {before: DIRECTORY, task: (at) => directory({path: PATH(at), owner: 'daemon', mode: '0700'})},
  'directory, absent': {before: DIRECTORY, task: (at) => directory({path: PATH(at), state: 'absent'})},
  symlink: {before: NOTHING, task: (at) => symlink({path: PATH(at), target: 'x'})},
  'permissions of a file': {before: OWN, task: (at) => permissions({path: PATH(at), most: '0600', owner: 'daemon'})},
  'permissions of a directory': {
    before: DIRECTORY,
    task: (at) => permissions({path: PATH(at), most: '0700', owner: 'daemon'}),
  },
  leftovers: {before: DIRECTORY, task: ({app}) => leftovers({path: app, except: ['conf/keep']})},
  certificate: {
    before: NOTHING,
    task: async (at) =>
      certificate({path: PATH(at), key: join(at.app, 'key'), from: await newAuthority(), names: ['x'], owner: OWNER}),
  },
  'certificate, rights': {before: OWN, task: (at) => permissions({path: PATH(at), most: '0600', group: 'daemon'})},
};

for (const [title, attempt] of Object.entries(ATTEMPTS)) {
  for (const swapped of ['conf', 'app'] as const) {
    asRoot(`${title}: no victim is hurt while ${swapped} is swapped`, async (t) => {
      const at = place(t);
      const commands = await commandsOf(t, at, attempt);
      await attack(t, at, {attempt, commands, swapped});
    });
  }
}

for (const follow of [false, true]) {
  for (const swapped of ['conf', 'app'] as const) {
    asRoot(
      `a file is kept and put back, follow ${follow}: no victim is hurt while ${swapped} is swapped`,
      async (t) => {
        const at = place(t);
        const undo = join(at.root, 'undo');
        const one = {path: PATH(at), follow};
        const commands = sh`rm -rf ${undo}; { ${keepForUndo(one, 'play')}; } && { ${putBack([one], 'play')}; }`;
        await run(OWN(at).reveal(), INTRUDER);
        const text = commands.reveal({directory: at.root, uploads: at.root});
        t.is((await run(text)).code, 0);
        await attack(t, at, {attempt: {before: OWN}, commands: [text], swapped});
      },
    );
  }
}

for (const swapped of ['.ssh', 'authorized_keys'] as const) {
  for (const there of ['rm -rf .ssh', 'rm -rf .ssh; mkdir .ssh && echo x >.ssh/authorized_keys && chmod 777 .ssh']) {
    asRoot(`authorizedKey after "${there}": no victim is hurt while ${swapped} is swapped`, async (t) => {
      const at = place(t);
      const user = `infra-swap-${process.pid}`;
      spawnSync('useradd', ['--no-create-home', '--home-dir', at.home, '--uid', OWNER, '--user-group', user]);
      t.teardown(() => void spawnSync('userdel', [user]));
      const before = () => sh`cd ${at.home} && eval ${there}`;
      const commands = await commandsOf(t, at, {before, task: () => authorizedKey({user, key: KEY})});
      if (swapped === 'authorized_keys') await run(sh`mkdir -p ${at.home}/.ssh`.reveal(), INTRUDER);
      const directory = swapped === '.ssh' ? at.home : join(at.home, '.ssh');
      const again = swapped === '.ssh' ? before : () => sh`mkdir -p ${at.home}/.ssh`;
      await attack(t, at, {attempt: {before: again}, commands, swapped, in: directory});
    });
  }
}

asRoot('what a probe was made to read of another file does not come into one that the intruder can read', async (t) => {
  const at = place(t);
  await run(OWN(at).reveal(), INTRUDER);
  const stat = `81b6:12:${INTRUDER}:UNKNOWN:${INTRUDER}:UNKNOWN\n`;
  const secret = readFileSync(join(at.victims, 'shadow')).toString('base64');
  const question = line({path: PATH(at), line: 'new'}).open({templateDirectories: []});
  const verdict = question.judge({code: 0, stdout: `${stat}${secret}\n`, stderr: '', truncated: false});
  const [command] = verdict.type === 'change' ? verdict.commands : [];
  for (const kind of ['own', 'link', 'hard link']) {
    if (kind === 'link') await run(`cd ${at.app} && ln -sfT ${at.victims}/shadow conf`, INTRUDER);
    if (kind === 'hard link') {
      rmSync(PATH(at));
      linkSync(join(at.victims, 'shadow'), PATH(at));
    }
    const {code, stderr} = await run(command ? textHere(command) : '');
    t.is(code, 1, kind);
    t.regex(stderr, /was changed in the meantime/);
    t.is((await run(`! grep -rqs root:secret ${at.home}`, INTRUDER)).code, 0);
  }
});

asRoot('a link in the directory of a user is not followed', async (t) => {
  const at = place(t);
  await run(`cd ${at.app} && ln -s ${at.victims}/conf conf && ln -s ${at.victims} directory`, INTRUDER);
  const unreadable = {instanceOf: UnreadableReply, message: /others may change/};
  t.throws(() => planLocally(line({path: PATH(at), line: 'x'})), unreadable);
  t.throws(() => planLocally(directory({path: join(at.app, 'directory'), owner: OWNER})), unreadable);
  const seen = look(at.victims);
  for (const task of [
    file({path: join(at.app, 'directory/new'), content: 'x'}),
    leftovers({path: join(at.app, 'directory'), except: []}),
  ]) {
    const {failed} = applyLocally(task);
    t.regex(failed?.stderr ?? '', /a link is on the way, and others may change where it leads/);
  }
  t.deepEqual(look(at.victims), seen);
});

asRoot("root's own things are not given away where somebody could have put them under another name", async (t) => {
  const at = place(t);
  const secrets = join(at.home, 'secrets');
  mkdirSync(secrets, {mode: 0o700});
  for (const path of [join(secrets, 'x'), PATH(at)]) writeFileSync(path, 'root:secret\n', {mode: 0o600});
  for (const task of [
    directory({path: secrets, owner: OWNER}),
    directory({path: secrets, mode: '0755'}),
    permissions({path: PATH(at), most: '0600', owner: OWNER}),
  ]) {
    t.regex(applyLocally(task).failed?.stderr ?? '', /others may change/);
  }
  const empty = join(at.home, 'empty');
  mkdirSync(empty, {mode: 0o700});
  t.is(applyLocally(directory({path: empty, owner: OWNER, mode: '0750'})).after.type, 'unchanged');
});

asRoot("a directory of root's that takes the place of a new one keeps its mode", async (t) => {
  const {home} = place(t);
  const secrets = join(home, 'secrets');
  mkdirSync(secrets, {mode: 0o700});
  writeFileSync(join(secrets, 'x'), 'root:secret\n', {mode: 0o600});
  const verdict = planLocally(directory({path: join(home, 'new'), mode: '1777'}));
  const [command] = verdict.type === 'change' ? verdict.commands : [];
  const swap = 'mkdir() { command mkdir "$@" && mv new away && mv secrets new; }';
  const {code, stderr} = await run(`${swap}\n${command ? textHere(command) : ''}`);
  t.is(code, 1);
  t.regex(stderr, /others may change/);
  t.is(lstatSync(join(home, 'new')).mode & 0o7777, 0o700);
});

/**
 * setxattr(2): `user::rwx,user:INTRUDER:rwx,group::r-x,mask::rwx,other::r-x`, for what is made in the directory or for
 * a file.
 */
const GIVE_LIST = `my ($path, $name, $mask) = @ARGV; my $all = 0xffffffff;
my $list = pack 'V(vvV)5', 2, 1, 7, $all, 2, 7, INTRUDER, 4, 5, $all, 0x10, $mask, $all, 0x20, 5, $all;
syscall((POSIX::uname())[4] eq 'aarch64' ? 5 : 188, $path, "system.posix_acl_$name", $list, length $list, 0) == 0 or die "$!"`;

function giveList(path: string, name: 'default' | 'access', mask = 7): boolean {
  const program = GIVE_LIST.replace('INTRUDER', String(INTRUDER));
  return spawnSync('perl', ['-MPOSIX', '-e', program, path, name, String(mask)]).status === 0;
}

for (const mask of [7, 0]) {
  asRoot(`an access list that a directory gives to what is made in it opens no secret, mask ${mask}`, async (t) => {
    const at = place(t);
    if (!giveList(at.app, 'default', mask)) {
      t.pass('no access lists here');
      return;
    }
    const unread = (path: string) =>
      sh`! setpriv --reuid=${OWNER} --regid=${OWNER} --clear-groups cat ${path} 2>/dev/null`;
    const content = new Secret('root:secret\n');
    const task = file({path: PATH(at), content, owner: 'root', group: 'root', mode: '0640', validate: unread});
    for (const before of [NOTHING(at), OWN(at)]) {
      await run(before.reveal(), INTRUDER);
      if (existsSync(PATH(at))) giveList(PATH(at), 'access');
      const {after, failed} = applyLocally(task);
      t.is(failed?.stderr, undefined);
      t.is(after.type, 'unchanged');
      t.is((await run(unread(PATH(at)).reveal())).code, 0);
    }
    for (const mode of ['0700', '0755', '1777']) {
      t.is(applyLocally(directory({path: join(at.app, mode), mode})).after.type, 'unchanged', mode);
    }
  });
}

asRoot('where no one interferes, everything works in the directory of a user as elsewhere', async (t) => {
  for (const [title, {before, task}] of Object.entries(ATTEMPTS)) {
    const at = place(t);
    await run(before(at).reveal(), INTRUDER);
    const made = await task(at);
    for (const command of await commandsOf(t, at, {before, task: () => made})) {
      const {code, stderr} = await run(command);
      t.is(code, 0, `${title}: ${stderr}`);
    }
    if (!title.startsWith('guarded')) t.is(planLocally(made, TEMPLATES).type, 'unchanged', title);
    t.deepEqual(
      readdirSync(at.app).filter((name) => name.startsWith('.')),
      [],
      title,
    );
  }
});

async function commandsOf(t: ExecutionContext, at: Place, {before, task}: Attempt): Promise<readonly string[]> {
  await run(before(at).reveal(), INTRUDER);
  const verdict = planLocally(await task(at), TEMPLATES);
  t.is(verdict.type, 'change');
  if (verdict.type !== 'change') return [];
  const {guard} = verdict;
  const kept =
    guard &&
    sh`rm -rf ${at.root}/guard; mkdir ${at.root}/guard && cd ${at.root}/guard && {
${guard.keep}
${guard.restore}
}`.reveal();
  const commands = (await verdict.late?.()) ?? verdict.commands;
  return [...commands.map(textHere), ...(kept ? [kept] : [])];
}

interface Attack {
  readonly attempt: Pick<Attempt, 'before'>;
  readonly commands: readonly string[];
  readonly swapped: 'conf' | 'app' | '.ssh' | 'authorized_keys';
  readonly in?: string;
}

async function attack(t: ExecutionContext, at: Place, {attempt, commands, swapped, ...more}: Attack): Promise<void> {
  const seen = look(at.victims);
  const directory = more.in ?? (swapped === 'app' ? at.home : at.app);
  const where = {directory, name: swapped, file: join(at.victims, 'shadow'), victims: at.victims};
  const intruders = await startIntruders(where);
  let done = 0;
  try {
    for (let count = 0; count < TRIES; count += 1) {
      await run(attempt.before(at).reveal(), INTRUDER);
      plantHardLink(at, directory);
      for (const command of commands) {
        const {code, stderr} = await run(command);
        if (code === 0) done += 1;
        t.not(code, 137, `it waited for ever: ${stderr}`);
        t.deepEqual(look(at.victims), seen, `at try ${count}: ${stderr}`);
      }
      const found = await run(`! grep -rqs root:secret ${at.home}`, INTRUDER);
      t.is(found.code, 0, `at try ${count} the intruder can read a secret of root`);
    }
  } finally {
    await intruders.stop();
  }
  t.log(`${done} of ${TRIES * commands.length} commands succeeded, the others refused`);
}

/** A second name of a victim, as the intruder could make it where the kernel does not protect hard links. */
function plantHardLink({root, victims}: Place, directory: string): void {
  const link = join(root, '.h');
  rmSync(link, {force: true});
  linkSync(join(victims, 'shadow'), link);
  try {
    renameSync(link, join(directory, '.h'));
  } catch {
    // The intruder has a directory there.
  }
}
