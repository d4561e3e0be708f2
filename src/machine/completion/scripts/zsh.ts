/**
 * Can be sourced or installed as `_apkg` in a directory of `fpath`; the last lines handle both. `-M` also matches values
 * that contain the word after a prefix, such as a package's scope. Within quotes, zsh can't insert characters that the
 * locale doesn't have.
 */
export const zshScript = `#compdef apkg
# zsh completion for apkg
_apkg() {
  local -a values described
  local line value description files
  while IFS= read -r line; do
    value=\${line%%$'\\t'*} description=\${line#*$'\\t'}
    if [[ -z $value ]]; then
      files=1
      continue
    fi
    [[ -n $compstate[quote] && $value == *[^[:print:]]* ]] && continue
    values+=("$value")
    described+=("\${value}\${description:+  -- $description}")
  done < <(exec 2>/dev/null; apkg complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  if (( \${#values} )); then
    compadd -l -V values -d described -M 'l:|=*' -a values
  fi
  [[ -n $files ]] && _files
}
if [[ $funcstack[1] == _apkg ]]; then
  _apkg "$@"
elif (( $+functions[compdef] )); then
  compdef _apkg apkg
else
  autoload -Uz compinit && compinit -i && compdef _apkg apkg
fi
`
