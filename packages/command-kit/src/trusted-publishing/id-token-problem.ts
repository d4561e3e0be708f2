import {isJsonObject} from '@apkg/wire'

/** In characters. ID tokens of GitHub and GitLab have about 2,000. */
const maxLength = 16_384

/** Three base64url segments (RFC 7515, 7.1). */
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Returns why a text isn't an ID token, completing "the ID token …", or undefined if it could be one. */
export function idTokenProblem(text: string): string | undefined {
  if (text === '') return 'is blank'
  if (text.length > maxLength) return `is longer than ${maxLength} characters`
  if (!compact.test(text) || !claimsOf(text)) return 'is not a JSON Web Token'
  return undefined
}

/**
 * Returns the only audience of an ID token (RFC 7519, 4.1.3). Undefined if it has several, because each of them could
 * use the token. The registry verifies the token; this only decides where it can be sent.
 */
export function audienceOf(idToken: string): string | undefined {
  const audience = claimsOf(idToken)?.['aud']
  const [only, ...others] = Array.isArray(audience) ? (audience as unknown[]) : [audience]
  return typeof only === 'string' && others.length === 0 ? only : undefined
}

function claimsOf(idToken: string): Record<string, unknown> | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString())
    return isJsonObject(claims) ? claims : undefined
  } catch {
    return undefined
  }
}
