import type {Handlers} from './handler.js'
import {answerMfaChallenge, login, logout, refresh} from './sessions.js'
import {createToken, listTokens, revokeCurrentToken, revokeToken} from './tokens.js'
import {whoami} from './whoami.js'

/** One for each endpoint of the protocol. */
export const handlers: Handlers = {
  login,
  answerMfaChallenge,
  refresh,
  logout,
  whoami,
  createToken,
  listTokens,
  revokeCurrentToken,
  revokeToken,
}
