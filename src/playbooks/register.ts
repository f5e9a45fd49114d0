import module from 'node:module';
import {INFRA} from './sources.js';

/*
 * Importing this file, which happens once a process, makes Node load TypeScript. The hooks run in a thread of their own
 * on Node 20, and in this one where Node has `registerHooks` (22.15), which replaces `register` (deprecated in 26).
 * This package comes first: through hooks each of its files would cost a message to their thread and, with source
 * maps on, reading a map.
 */
await import(INFRA);
if ('registerHooks' in module && typeof module.registerHooks === 'function') {
  module.registerHooks(await import('./hooks.js'));
} else {
  module.register('./hooks.js', import.meta.url);
}
process.setSourceMapsEnabled(true);
