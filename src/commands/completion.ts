import {Argument, Command} from 'commander';
import type {Project} from '../local/project.js';
import {severalLines, styled} from '../model/styled-text.js';
import {visible} from '../model/visible-text.js';
import type {Words} from './completion-words.js';
import {writeText} from './streams.js';

const HELP = `
TAB then completes commands, options, hosts and groups of the inventory, tags, playbooks, saved plans, runs and names of
secrets. Nothing is connected to. Tags are those written as text in the playbook and in the files it imports.

Examples:
  infra completion bash > ~/.local/share/bash-completion/completions/infra
  source <(infra completion bash)         only in this shell; zsh: source <(infra completion zsh)
  infra completion zsh > ~/.zfunc/_infra  with fpath+=~/.zfunc before compinit in ~/.zshrc
  infra completion fish > ~/.config/fish/completions/infra.fish`;

/** `infra completion`: the script that makes a shell ask {@link completeCommand} for words. */
export function completionCommand({stdout}: Project): Command {
  return new Command('completion')
    .description('print the script for completion by TAB')
    .addArgument(new Argument('<shell>', 'the shell that it is for').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HELP)
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const {COMPLETION_SCRIPTS} = await import('./completion-scripts.js');
      writeText(stdout, severalLines(COMPLETION_SCRIPTS[shell]));
    });
}

/**
 * The hidden `infra complete -- WORD…`: what the last word may become, one a line, with a tab and a description where
 * there is one. It never says anything else and never fails: whoever presses TAB did not ask about errors.
 */
export function completeCommand(project: Project): Command {
  return new Command('complete').argument('[words...]').action(async (words: string[], _, command: Command) => {
    const [{wordsAt}, {valuesIn}] = await Promise.all([
      import('./completion-words.js'),
      import('./completion-values.js'),
    ]);
    const candidates = await wordsAt(command.parent ?? command, words, valuesIn(project)).catch((): Words => []);
    // A terminal would obey it, a reader would not see it, or a line end would make two words of one.
    for (const {word, about} of candidates) {
      if (visible(word) !== word) continue;
      writeText(project.stdout, about === undefined ? styled`${word}\n` : styled`${word}\t${about}\n`);
    }
  });
}
