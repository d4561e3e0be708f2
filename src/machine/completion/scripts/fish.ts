export const fishScript = `# fish completion for apkg
function __apkg_complete
  set -l words (commandline -opc)
  set -l token (commandline -ct)
  set -l typed (string unescape -- "$token")
  or set typed (string replace -r '^["\\']' '' -- "$token")
  for line in (begin; apkg complete -- $words[2..-1] "$typed"; end 2>/dev/null)
    if string match -q -- \\t'*' $line
      __fish_complete_path "$typed"
    else
      echo -- $line
    end
  end
end
complete -k -c apkg -f -a '(__apkg_complete)'
`
