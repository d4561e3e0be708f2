import {orgOption} from './org-option.js'

/** Characters that a shell on Windows expands within double quotes, or that end them. */
const unquotable = /["$`%!^\\\u201C-\u201E]/

/** The subcommands of `apkg token` that hints name. */
export type TokenVerb = 'log' | 'resume' | 'revoke' | 'rotate' | 'show'

/**
 * A command for a token, quoted for a POSIX shell, or for PowerShell and cmd on Windows. The token is left out if they
 * can't quote the selector.
 */
export function tokenCommand(
  verb: TokenVerb,
  selector: string,
  {registry, organization}: {registry: string; organization?: string | null},
  platform = process.platform,
): string {
  const command = `apkg token ${verb} --registry ${registry}${orgOption(organization)}`
  if (/^[\w@.][\w@.-]*$/.test(selector)) return `${command} ${selector}`
  if (platform === 'win32') return unquotable.test(selector) ? command : `${command} -- "${selector}"`
  return `${command} -- '${selector.replaceAll("'", String.raw`'\''`)}'`
}
