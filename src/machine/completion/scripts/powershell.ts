/**
 * PowerShell drops empty arguments, so an empty last word is sent as a space. Words with special characters have to be
 * quoted, and PowerShell itself escapes them, because typographic quotes end a string there too. Numbers and flags with a
 * dot or colon are quoted as well, because PowerShell would change or split them.
 *
 * Values are left out if they have a character that ends quotes in the command line of a program on Windows, or that
 * `cmd.exe` expands, which runs `apkg.cmd`.
 *
 * The script is ASCII, because Windows PowerShell reads it in the system's code page.
 */
export const powershellScript = `# PowerShell completion for apkg
Register-ArgumentCompleter -Native -CommandName apkg -ScriptBlock {
  param($typed, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object {
    if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.ToString() }
  })
  $quotes = [char[]]@(0x22, 0x27, 0x2018, 0x2019, 0x201A, 0x201B, 0x201C, 0x201D, 0x201E)
  $last = $typed.TrimStart($quotes)
  if ($last -eq '') { $last = ' ' }
  apkg complete -- @words $last 2>$null | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if ($value -eq '' -or $value -match '["&|<>^%!]') { return }
    if (-not $description) { $description = $value }
    $quoted = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'"
    $word = if ($value -cmatch '^(?:--?[A-Za-z0-9-]+=?|[A-Za-z_/][A-Za-z0-9_/:.+=-]*)$') { $value } else { $quoted }
    [System.Management.Automation.CompletionResult]::new($word, $value, 'ParameterValue', $description)
  }
}
`
