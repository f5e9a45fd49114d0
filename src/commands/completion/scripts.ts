/** For `${` of a shell in a template string. */
const $ = '$';

/**
 * What `infra completion SHELL` prints. Each asks the program that stands on the command line, by `infra complete`, and
 * hands the answers over as data: none is ever evaluated, and what the shell would read as more than text is quoted.
 */
export const COMPLETION_SCRIPTS = {
  // In bash readline parts words at COMP_WORDBREAKS (such as = and :) too, and replaces only what is behind the last.
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
