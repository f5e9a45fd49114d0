import {reloadWorkers} from '../shared/reload-workers.js';

/** The journal has nothing about what Nginx cannot do. */
export const RELOAD = reloadWorkers('nginx', '/var/log/nginx/error.log');
