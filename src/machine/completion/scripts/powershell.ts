/**
 * PowerShell drops empty arguments, so an empty last word is sent as a space. Words that start with `@` or contain special
 * characters have to be quoted, and PowerShell itself escapes them, because typographic quotes end a string there too.
 */
export const powershellScript = `# PowerShell completion for apkg
Register-ArgumentCompleter -Native -CommandName apkg -ScriptBlock {
  param($typed, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object {
    if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.ToString() }
  })
  $last = $typed.TrimStart([char[]]@("'", '"'))
  if ($last -eq '') { $last = ' ' }
  apkg complete -- @words $last 2>$null | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if ($value -eq '') { return }
    if (-not $description) { $description = $value }
    $quoted = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'"
    $word = if ($value -match '^[A-Za-z0-9_/:.+=-]+$') { $value } else { $quoted }
    [System.Management.Automation.CompletionResult]::new($word, $value, 'ParameterValue', $description)
  }
}
`
