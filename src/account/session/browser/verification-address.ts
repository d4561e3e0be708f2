import {failure, isLoopback} from '@apkg/command-kit'

/**
 * The page of a registry to open in a browser. It must be a page of the same registry, so that a response can't send the
 * user elsewhere. The names of this machine are the same registry on the same port.
 *
 * @param registry canonical URL
 * @throws {ApkgError} `BAD_RESPONSE` for any other address
 */
export function verificationAddress(text: string, registry: string, purpose: string): string {
  const own = new URL(registry)
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOwn = url && (url.origin === own.origin || isSameMachine(url, own)) && url.username + url.password === ''
  if (isOwn) return url.href
  throw failure('BAD_RESPONSE', {purpose, registry, reason: 'the page to open is not a page of this registry'})
}

function isSameMachine(one: URL, other: URL): boolean {
  const areLoopback = isLoopback(one.hostname) && isLoopback(other.hostname)
  return areLoopback && one.port === other.port && one.protocol === other.protocol
}
