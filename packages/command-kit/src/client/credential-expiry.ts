import type {WireResponse} from './transport.js'

/** When a token was created and expires. */
export interface Expiry {
  createdAt: Date
  expiresAt: Date
}

/** An API token that a request was made with, and when it expires. */
export interface CredentialExpiry extends Expiry {
  /** URL of the registry that issued it. */
  registry: string
  /** Where the credential comes from. */
  source: string
  id: string
  label: string
  /** The organization that the token belongs to; empty if it belongs to a user. */
  organization: string
  /** Whether the token can rotate itself. */
  canRotate: boolean
}

/** Reads the headers of a response. @returns undefined if the credential isn't a token that expires. */
export function readExpiry(
  {headers}: Pick<WireResponse, 'headers'>,
  {source, registry}: Pick<CredentialExpiry, 'source' | 'registry'>,
): CredentialExpiry | undefined {
  const {'apkg-credential-expires': expires, 'apkg-credential': token} = headers
  if (typeof expires !== 'string' || typeof token !== 'string') return undefined
  const about = new URLSearchParams(token)
  const times = {expiresAt: new Date(expires), createdAt: new Date(about.get('created') ?? '')}
  if (Object.values(times).some((time) => Number.isNaN(time.getTime()))) return undefined
  return {
    source,
    registry,
    id: about.get('id') ?? '',
    label: about.get('label') ?? '',
    organization: about.get('organization') ?? '',
    canRotate: about.has('rotates'),
    ...times,
  }
}
