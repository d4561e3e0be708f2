import {formatIntegrity} from '@apkg/package-format'

import type {Token} from '../http/openapi/index.js'
import type {TokenRestrictions} from '../store/store.js'

/** The release that a token is limited to, as clients get it. */
export function releaseResponse(release: TokenRestrictions['release']): Token['release'] {
  if (release === null) return null
  const {version, sha256, tag} = release
  return {version, integrity: formatIntegrity(Buffer.from(sha256, 'hex')), tag}
}
