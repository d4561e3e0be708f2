/**
 * For bash 3.2 and later, without the bash-completion package. Before 4.4, bash sorts the values. readline splits words
 * at `:`, `=` and `@`, which occur in package names and flags. So the script splits the line itself, and removes the
 * part before readline's word (`$2`) from each value. Values are quoted, so that they can't be executed.
 *
 * A package can be found by its unscoped name. readline would replace the word with the common prefix of several such
 * values; an additional blank value makes that prefix empty, so the word stays and the values are listed.
 *
 * Within quotes, values with characters that could end them or be expanded there are left out, also `!`, which recalls
 * earlier commands in double quotes.
 */
export const bashScript = `# bash completion for apkg
_apkg_complete() {
  local line=\${COMP_LINE:0:COMP_POINT} word='' quote='' char value i others=''
  local -a words
  for ((i = 0; i < \${#line}; i++)); do
    char=\${line:i:1}
    if [[ $char == \\\\ && $quote != "'" ]]; then
      i=$((i + 1))
      word+=\${line:i:1}
    elif [[ -n $quote ]]; then
      if [[ $char == "$quote" ]]; then quote=''; else word+=$char; fi
    elif [[ $char == [\\"\\'] ]]; then
      quote=$char
    elif [[ $char == [$' \\t\\n'] ]]; then
      [[ \${line:i-1:1} == [$' \\t\\n'] ]] || words+=("$word")
      word=''
    else
      word+=$char
    fi
  done
  local end=\${2//\\\\/} kept=''
  [[ -z $quote ]] && kept=\${word%"$end"}
  COMPREPLY=()
  while IFS= read -r value; do
    value=\${value%%$'\\t'*}
    [[ -z $value || $value == "$word"* ]] || others=1
    if [[ -z $value ]]; then
      compopt -o default +o nospace 2>/dev/null
    elif [[ -n $quote ]]; then
      [[ $value == *[\\"\\'\\\\\\$\\\`!]* ]] || COMPREPLY+=("$value")
    else
      value=\${value#"$kept"}
      COMPREPLY+=("$(printf '%q ' "$value")")
    fi
  done < <(exec 2>/dev/null; apkg complete -- "\${words[@]:1}" "$word")
  [[ -n $others ]] && ((\${#COMPREPLY[@]} > 1)) && COMPREPLY+=(' ')
}
complete -o nospace -o nosort -F _apkg_complete apkg 2>/dev/null || complete -o nospace -F _apkg_complete apkg
`
