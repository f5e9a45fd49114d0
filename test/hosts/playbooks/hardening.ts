import {baseline, play, playbook, sshd} from 'infra';

/** What a test writes into the inventory: options of sshd for a host. */
interface Vars {
  readonly sshd?: Omit<Parameters<typeof sshd>[0], 'confirmWithin'>;
}

export default playbook('hardening', [
  // The host's variables are the test's own.
  play('hosts', {hosts: 'all'}, [baseline(), ({host}) => [sshd({confirmWithin: 6, ...(host.vars as Vars).sshd})]]),
]);
