import {FIREWALL_FILE} from '../../tasks/firewall/state.js';

/**
 * Loads the rules at boot, before any interface comes up. Debian's nftables.service flushes all tables when it starts,
 * stops and reloads: where it is used this one comes after it, and again whenever it is restarted or reloaded. Stopping
 * this unit leaves the rules.
 */
export const FIREWALL_UNIT = `[Unit]
Description=Firewall rules of infra
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=nftables.service infra-guard-firewall-boot.service
Conflicts=shutdown.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${FIREWALL_FILE}
ExecReload=/usr/sbin/nft -f ${FIREWALL_FILE}

[Install]
WantedBy=sysinit.target
`;
