import {revokeValues} from './leaked-values.js'
import {
  completeBrowserConfirmation,
  completeBrowserLogin,
  requestBrowserConfirmation,
  requestBrowserLogin,
} from './browser-requests.js'
import {removeDistTag, setDistTag} from './dist-tags.js'
import {exchangeIdToken} from './exchange.js'
import type {Handlers} from './handler.js'
import {acceptInvitation, createInvitation, listInvitations, resetUser, revokeInvitation} from './invitations.js'
import {listSessions, revokeSession} from './login-sessions.js'
import {listKeys, listSigningKeys, registerKey, revokeKey, rotateKey} from './keys.js'
import {getStatus} from './status.js'
import {deprecatePackage, deprecateVersion, getPackage, getProvenance, yankVersion} from './packages.js'
import {can} from './permission.js'
import {getPolicy} from './policy.js'
import {publishPackage} from './publish.js'
import {getDownloads} from './downloads.js'
import {getScope, listDependents} from './scopes.js'
import {listMostInstalled, searchPackages} from './search.js'
import {completeMfaChallenge, login, logout, refresh, stepUp} from './sessions.js'
import {downloadTarball} from './tarballs.js'
import {getCurrentToken, getToken} from './token-details.js'
import {getTokenLog} from './token-log.js'
import {createToken, listTokens, revokeCurrentToken, revokeToken} from './tokens.js'
import {dropRotation, rotateToken} from './token-rotation.js'
import {resumeToken, suspendToken} from './token-suspensions.js'
import {listMembers, removeMember, setMember} from './members.js'
import {
  addTrustedPublisher,
  listTrustedPublishers,
  removeTrustedPublisher,
  requireTrustedPublishing,
} from './trusted-publishers.js'
import {
  createOrganization,
  getOrganization,
  listOrganizations,
  removeOrganizationMember,
  setOrganizationMember,
} from './operator-organizations.js'
import {
  addUser,
  endUserAccess,
  enableUser,
  enrollUserMfa,
  getUser,
  listUsers,
  setUserPassword,
} from './operator-users.js'
import {whoami} from './whoami.js'

/** The handler of each endpoint. */
export const handlers: Handlers = {
  login,
  completeMfaChallenge,
  requestBrowserLogin,
  completeBrowserLogin,
  refresh,
  logout,
  revokeValues,
  whoami,
  listSessions,
  revokeSession,
  can,
  stepUp,
  requestBrowserConfirmation,
  completeBrowserConfirmation,
  createToken,
  listTokens,
  getTokenLog,
  getCurrentToken,
  getToken,
  revokeCurrentToken,
  revokeToken,
  rotateToken,
  dropRotation,
  suspendToken,
  resumeToken,
  listMembers,
  setMember,
  removeMember,
  addTrustedPublisher,
  listTrustedPublishers,
  removeTrustedPublisher,
  requireTrustedPublishing,
  listUsers,
  addUser,
  getUser,
  enableUser,
  endUserAccess,
  setUserPassword,
  enrollUserMfa,
  listOrganizations,
  createOrganization,
  getOrganization,
  setOrganizationMember,
  removeOrganizationMember,
  listInvitations,
  createInvitation,
  revokeInvitation,
  resetUser,
  acceptInvitation,
  exchangeIdToken,
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
  yankVersion,
  setDistTag,
  removeDistTag,
  getProvenance,
  searchPackages,
  listMostInstalled,
  getDownloads,
  listDependents,
  getScope,
}
