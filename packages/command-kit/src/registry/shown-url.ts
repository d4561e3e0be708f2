import {printable} from '../terminal/printable.js'

/**
 * Formats a URL, or what should have been one, for a message: without userinfo, query and fragment, which can contain
 * secrets.
 */
export function shownUrl(text: string): string {
  if (!/[@?#]/.test(text)) return printable(text)
  const trimmed = text.trim()
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined
  if (url && url.host !== '') return printable(`${url.protocol}//${url.host}${url.pathname}`)
  // Not a URL, so a password may contain any character. Whatever precedes the last @ is treated as userinfo.
  const [scheme = ''] = /^[a-z][a-z\d+.-]*:\/\//i.exec(trimmed) ?? []
  const [rest = ''] = trimmed.slice(Math.max(scheme.length, trimmed.lastIndexOf('@') + 1)).split(/[?#]/, 1)
  return printable(scheme + rest)
}

/** Removes the userinfo of URLs in a text, except the user of a database. */
export function withoutUserinfo(text: string): string {
  return text.replace(/(\bpostgres(?:ql)?)?:\/\/([^\s/?#]*)@/g, (found, scheme = '', userinfo: string) =>
    scheme !== '' && !userinfo.includes(':') ? found : `${scheme}://`,
  )
}
