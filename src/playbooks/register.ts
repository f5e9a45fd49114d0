import module from 'node:module';

/*
 * Importing this file, which happens once a process, makes Node load TypeScript. The hooks run in a thread of their own
 * on Node 20, and in this one where Node has `registerHooks` (22.15), which replaces `register` (deprecated in 26).
 */
process.setSourceMapsEnabled(true);
if ('registerHooks' in module && typeof module.registerHooks === 'function') {
  module.registerHooks(await import('./hooks.js'));
} else {
  module.register('./hooks.js', import.meta.url);
}
