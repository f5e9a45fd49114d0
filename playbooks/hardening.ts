import {playbook} from 'infra';
import {stack, Variables} from './stack.js';

/*
 * The protection of an existing site: hardened hosts, the firewall, and TLS between all servers. It is the part of
 * site.ts with these tags; "infra plan --playbook playbooks/hardening.ts --tags firewall" plans one of them.
 */
export default playbook('hardening', {vars: Variables, tags: ['hardening', 'firewall', 'tls']}, stack);
