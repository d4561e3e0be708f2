/** Labels of letters, digits and inner hyphens, as `URL` returns them: in lower case. */
const plainHost = /^[a-z\d]+(?:-+[a-z\d]+)*(?:\.[a-z\d]+(?:-+[a-z\d]+)*)*$/

/**
 * Returns the variable for the token of one registry: `APKG_TOKEN__R_EXAMPLE_COM_8443` for `https://r.example.com:8443`.
 *
 * Two hosts or ports never share a variable. So only plain hosts have one, because in others a dot (`_`), a hyphen (`__`)
 * and a port (`_8443`) could be confused. Plain http without a port is port 80.
 *
 * @param registry canonical URL
 * @returns undefined if the registry has none, also if its URL has a path: another registry can be on the same host
 */
export function tokenVariableFor(registry: string): string | undefined {
  const {protocol, hostname, port, pathname} = new URL(registry)
  if (pathname !== '/' || !plainHost.test(hostname)) return undefined
  const host = hostname.toUpperCase().replaceAll('-', '__').replaceAll('.', '_')
  const number = port === '' && protocol === 'http:' ? '80' : port
  return `APKG_TOKEN__${host}${number === '' ? '' : `_${number}`}`
}

/** Whether a variable supplies a token, itself or in a file. On Windows, names of variables are case-insensitive. */
export function isTokenVariable(name: string): boolean {
  return /^APKG_TOKEN(?:_FILE|__.+)?$/i.test(name)
}
