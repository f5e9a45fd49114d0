import {joined, type StyledText, styled} from '../../model/index.js';
import type {ServerChoice} from '../../project/choices.js';
import type {HostKey} from '../../survey/index.js';
import type {Watch} from '../background-survey.js';
import type {Prompter} from '../terminal/prompter.js';

interface Unconfirmed {
  readonly server: ServerChoice;
  readonly key: HostKey;
}

/**
 * Has those host keys confirmed that nobody knows; nothing is trusted that was not shown. Servers that are slow to show
 * theirs are waited for only as long as `patience` says.
 */
export async function askHostKeys(
  prompter: Prompter,
  watch: Watch,
  servers: readonly ServerChoice[],
  patience: Promise<unknown>,
): Promise<void> {
  const scanning = () => servers.filter((each) => watch.sight(each)?.phase === 'scanning').map(({name}) => name);
  const message = () => (scanning().length > 0 ? `Fetching host keys: ${scanning().join(', ')}` : 'Connecting');
  await prompter.wait(message, Promise.race([watch.settled(servers), patience]));
  const open = servers.flatMap((server): Unconfirmed[] => {
    const sight = watch.sight(server);
    // The first is the best of its types; the connection then uses the type that is known.
    const key = sight?.phase === 'unconfirmed' ? sight.keys[0] : undefined;
    return key ? [{server, key}] : [];
  });
  if (open.length === 0) return;
  prompter.say(styled`\n${renderKeys(open)}\n`);
  const all = await prompter.confirm(open.length === 1 ? 'Is it the same?' : 'Are they all the same?', false);
  for (const {server, key} of open) {
    const sure = all || (open.length > 1 && (await prompter.confirm(`Is that of ${server.name} the same?`, false)));
    if (sure) await watch.confirm(server, [key]);
    else watch.skip(server);
  }
  const skipped = open.filter(({server}) => watch.sight(server)?.phase === 'skipped').map(({server}) => server.name);
  if (skipped.length > 0) prompter.say(styled`Not connected to: ${skipped.join(', ')}. ${LATER}`);
}

const LATER = 'A later infra init shows the fingerprint again.';

function renderKeys(open: readonly Unconfirmed[]): StyledText {
  const rows = open.map(
    ({server, key}) => styled`  ${server.name}  ${server.address}  ${nameOf(key.type)}\n    ${key.fingerprint}`,
  );
  const file = fileOf(open[0]?.key.type ?? '');
  return styled`New to this machine. To be sure that nobody stands in between, compare
these with what each server's own console prints, or your provider shows:
  ssh-keygen -lf ${file}

${joined(rows)}`;
}

const nameOf = (type: string) => (type.startsWith('ecdsa') ? 'ECDSA' : type === 'ssh-rsa' ? 'RSA' : 'ED25519');

const fileOf = (type: string) => `/etc/ssh/ssh_host_${nameOf(type).toLowerCase()}_key.pub`;
