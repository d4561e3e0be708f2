import {orgOption} from './org-option.js'

/** Characters that a shell on Windows expands within double quotes, or that end them. */
const unquotable = /["$`%!^\\\u201C-\u201E]/

/**
 * The command that revokes a token, quoted for a POSIX shell, or for PowerShell and cmd on Windows. It asks which token if
 * they can't quote the selector.
 */
export function revokeCommand(
  selector: string,
  {registry, organization}: {registry: string; organization?: string | null},
  platform = process.platform,
): string {
  const command = `apkg token revoke --registry ${registry}${orgOption(organization)}`
  if (/^[\w@.][\w@.-]*$/.test(selector)) return `${command} ${selector}`
  if (platform === 'win32') return unquotable.test(selector) ? command : `${command} -- "${selector}"`
  return `${command} -- '${selector.replaceAll("'", String.raw`'\''`)}'`
}
