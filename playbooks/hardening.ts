import {playbook} from 'infra';
import {stack} from './stack.js';

/*
 * What protects a site that is there already: hardened hosts, the firewall, and TLS between everybody. It is the part
 * of site.ts with these tags; "infra plan --playbook playbooks/hardening.ts --tags firewall" shows one of them.
 */
export default playbook('hardening', stack, {tags: ['hardening', 'firewall', 'tls']});
