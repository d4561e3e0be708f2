import {revokeValues} from './leaked-values.js'
import {removeDistTag, setDistTag} from './dist-tags.js'
import type {Handlers} from './handler.js'
import {listKeys, listSigningKeys, registerKey, revokeKey, rotateKey} from './keys.js'
import {getStatus} from './status.js'
import {deprecatePackage, deprecateVersion, getPackage, getProvenance} from './packages.js'
import {getPolicy} from './policy.js'
import {publishPackage} from './publish.js'
import {searchPackages} from './search.js'
import {completeMfaChallenge, login, logout, refresh, stepUp} from './sessions.js'
import {downloadTarball} from './tarballs.js'
import {createToken, getCurrentToken, listTokens, revokeCurrentToken, revokeToken} from './tokens.js'
import {dropRotation, rotateToken} from './token-rotation.js'
import {whoami} from './whoami.js'

/** The handler of each endpoint. */
export const handlers: Handlers = {
  login,
  completeMfaChallenge,
  refresh,
  logout,
  revokeValues,
  whoami,
  stepUp,
  createToken,
  listTokens,
  getCurrentToken,
  revokeCurrentToken,
  revokeToken,
  rotateToken,
  dropRotation,
  registerKey,
  listKeys,
  rotateKey,
  revokeKey,
  getPolicy,
  listSigningKeys,
  getPackage,
  downloadTarball,
  publishPackage,
  getStatus,
  deprecatePackage,
  deprecateVersion,
  setDistTag,
  removeDistTag,
  getProvenance,
  searchPackages,
}
