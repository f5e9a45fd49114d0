import {Argument, Command} from 'commander';
import type {Project} from '../../local/project.js';
import {severalLines, styled} from '../../model/text/styled-text.js';
import {visible} from '../../model/text/visible-text.js';
import {writeText} from '../../session/streams.js';
import type {Words} from './words.js';

const HELP = `
TAB then completes commands, options, hosts and groups of the inventory, tags, playbooks, saved plans, runs and names of
secrets. It makes no connection. Tags are those written as text in the playbook and in the files that it imports.

Examples:
  infra completion bash > ~/.local/share/bash-completion/completions/infra
  source <(infra completion bash)         only in this shell; zsh: source <(infra completion zsh)
  infra completion zsh > ~/.zfunc/_infra  with fpath+=~/.zfunc before compinit in ~/.zshrc
  infra completion fish > ~/.config/fish/completions/infra.fish`;

/** `infra completion`: the script that makes a shell ask {@link completeCommand} for words. */
export function completionCommand({stdout}: Project): Command {
  return new Command('completion')
    .description('print the script for completion by TAB')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HELP)
    .action((shell: 'bash' | 'zsh' | 'fish') => {
      writeText(stdout, severalLines(COMPLETION_SCRIPTS[shell]));
    });
}

/**
 * The hidden `infra complete -- WORD…` prints the completions of the last word, one a line, with a tab and a
 * description if there is one. It prints nothing else and never fails, because pressing TAB must not show errors.
 */
export function completeCommand(project: Project): Command {
  return new Command('complete').argument('[words...]').action(async (words: string[], _, command: Command) => {
    const [{wordsAt}, {valuesIn}] = await Promise.all([import('./words.js'), import('./values.js')]);
    const candidates = await wordsAt(command.parent ?? command, words, valuesIn(project)).catch((): Words => []);
    // Control characters would act on the terminal or be invisible, and a line end would make two words.
    for (const {word, about} of candidates) {
      if (visible(word) !== word) continue;
      writeText(project.stdout, about === undefined ? styled`${word}\n` : styled`${word}\t${about}\n`);
    }
  });
}

/** For `${` of a shell in a template string. */
const $ = '$';

/**
 * What `infra completion SHELL` prints. Each script asks the program on the command line, by `infra complete`, and
 * passes the answers on as data: none is ever evaluated, and special characters of the shell are quoted.
 */
const COMPLETION_SCRIPTS = {
  // Readline of bash also splits words at COMP_WORDBREAKS (such as = and :) and replaces only the part after the last.
  bash: String.raw`# Completion of infra for bash.
_infra() {
  local rest=${$}{COMP_LINE:0:COMP_POINT} breaks=${$}{COMP_WORDBREAKS//[^:=@]/} word line cut tail quote='' index
  local -a words=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    tail=${$}{rest#"${$}{rest%%[![:blank:]]*}"}
    word=${$}{COMP_WORDS[index]}
    if ((index == COMP_CWORD)); then word=$tail; fi
    if ((index == 0)) || [[ $rest == [[:blank:]]* ]]; then words+=("$word"); else words[-1]+=$word; fi
    rest=${$}{tail#"$word"}
  done
  word=${$}{words[-1]}
  tail=$word
  if [[ $word == *[\"\']* ]]; then
    tail=${$}{word#*[\"\']} quote=${$}{word%"$tail"} quote=${$}{quote: -1}
  elif [[ -n $breaks ]]; then
    tail=${$}{word##*["$breaks"]}
  fi
  cut=${$}{word%"$tail"}
  cut=${$}{cut//[\"\'\\]/}
  COMPREPLY=()
  while IFS= read -r line; do
    line=${$}{line%%$'\t'*}
    line=${$}{line#"$cut"}
    if [[ -z $quote && $line == *[!A-Za-z0-9_./:@%+=,-]* ]]; then printf -v line %q "$line"; fi
    if [[ $quote == "'" && $line == *"'"* || $quote == '"' && $line == *[\"\$\`\\!]* ]]; then continue; fi
    COMPREPLY+=("$line")
  done < <(
    "${$}{words[0]/#\~\//$HOME/}" complete -- \
      "${$}{words[@]:1:${$}{#words[@]}-2}" "${$}{word//[\"\'\\]/}" 2>/dev/null
  )
  if ((${$}{#COMPREPLY[@]} == 1)) && [[ ${$}{COMPREPLY[0]} == */ ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _infra infra
`,
  zsh: String.raw`#compdef infra
# Completion of infra for zsh.
_infra() {
  local value about
  local -a values lines directories
  while IFS=$'\t' read -r value about; do
    if [[ $value == */ ]]; then directories+=("$value"); continue; fi
    values+=("$value")
    lines+=("$value${$}{about:+  -- $about}")
  done < <(
    "${$}{${$}{(Q)words[1]}/#\~\//$HOME/}" complete -- \
      "${$}{(@Q)words[2,CURRENT-1]}" "${$}{(Q)PREFIX}" 2>/dev/null
  )
  (( $#values )) && compadd -l -d lines -a values
  (( $#directories )) && compadd -S '' -a directories
}
if [[ $funcstack[1] == _infra ]]; then _infra "$@"; else compdef _infra infra; fi
`,
  fish: String.raw`# Completion of infra for fish.
function __infra_words
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -e words[1]
    set -l typed (commandline -ct | string replace -ra '[\'"\\\\]' '')
    command $program complete -- $words "$typed" 2>/dev/null
end
complete -c infra -f -a '(__infra_words)'
`,
} as const;
