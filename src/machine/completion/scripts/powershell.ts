/**
 * PowerShell drops an empty word on its way to a program, so an unfinished one is always sent, if only as a space. A word
 * that starts with `@`, and any that is not plain, has to be quoted there.
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
    $word = if ($value -match '^[\\w/:.,+=-]+$') { $value } else { "'" + $value.Replace("'", "''") + "'" }
    [System.Management.Automation.CompletionResult]::new($word, $value, 'ParameterValue', $description)
  }
}
`
