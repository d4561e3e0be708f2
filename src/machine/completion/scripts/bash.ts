/**
 * For bash 3.2 and later, without the bash-completion package. readline cuts words at `:`, `=` and `@`, which names of
 * packages and flags have: the line is cut here as the shell would cut it, and what stands before readline's own word,
 * which is the second argument, is cut off from the answer. What is inserted is quoted, so that it can never be run.
 * A package may be found by its name without a scope. Of several such values readline would put what they begin with in
 * the place of the word; a blank one among them begins with nothing, so the word stays and the values are listed.
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
    elif [[ $char == [[:space:]] ]]; then
      [[ \${line:i-1:1} == [[:space:]] ]] || words+=("$word")
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
      [[ $value == *[\\"\\'\\\\\\$\\\`]* ]] || COMPREPLY+=("$value")
    else
      value=\${value#"$kept"}
      COMPREPLY+=("$(printf '%q ' "$value")")
    fi
  done < <(exec 2>/dev/null; apkg complete -- "\${words[@]:1}" "$word")
  [[ -n $others ]] && ((\${#COMPREPLY[@]} > 1)) && COMPREPLY+=(' ')
}
complete -o nospace -F _apkg_complete apkg
`
