import type {Handler} from '../../model/index.js';
import {sh} from '../../shell/index.js';

/** Has systemd read its units anew: systemd 252 does not notice by itself that a unit got its first drop-in. */
export const RELOAD_SYSTEMD: Handler = {id: 'reload systemd', command: sh`systemctl daemon-reload`};
