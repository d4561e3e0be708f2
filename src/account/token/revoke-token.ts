import {failure, refusalBehind, type RegistryClient} from '@apkg/command-kit'

import type {TokenChange, TokenOutcome} from './change-tokens.js'
import {tokenCommand} from './token-command.js'

/** The outcome for a token to revoke, or for an argument that matches none. */
export interface Revocation extends TokenOutcome<'revoked'> {
  /**
   * `already`: the token was revoked before. `planned`: it would be revoked without --dry-run. `unknown`: the registry's
   * response was lost, so the token may or may not be revoked.
   */
  status: TokenOutcome<'revoked'>['status']
}

export const revocation: TokenChange<'revoked'> = {
  verb: 'revoke',
  done: 'revoked',
  doneBefore: ({status, revokedAt}) => (status === 'revoked' ? revokedAt : undefined),

  /** A 404 means that the token is gone. */
  async send(client, {id}) {
    try {
      await client.call('revokeToken', {params: {id}})
      return 'done'
    } catch (error) {
      if (refusalBehind(error)?.status === 404) return 'already'
      throw error
    }
  },
}

/** The credential in use, or what the registry reports about one that was revoked before. */
async function credentialOf(client: RegistryClient) {
  try {
    return (await client.call('whoami', {})).credential
  } catch (error) {
    const detail = (code: string) => refusalBehind(error)?.details.find((each) => each.code === code)?.message
    const since = detail('token-revoked')
    if (since === undefined) throw error
    return {id: detail('token') ?? null, label: detail('label') ?? null, since}
  }
}

/**
 * Revokes the token that the client authenticates with. If it was revoked before, it is `already`.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry has no such endpoint; `REFUSED` if the credential is a session.
 */
export async function revokeCurrentToken(client: RegistryClient): Promise<Revocation> {
  const credential = await credentialOf(client)
  if (credential && 'since' in credential) return {status: 'already', ...credential}
  try {
    await client.call('revokeCurrentToken', {})
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status !== 404 && status !== 405) throw error
    const {registry} = client
    const suggestions = [
      credential?.kind === 'token'
        ? `log in with \`apkg login\`, then run \`${tokenCommand('revoke', credential.id, {registry})}\``
        : 'log in with `apkg login`, then find the token with `apkg token list` and revoke it by ID',
    ]
    throw failure('NOT_OFFERED', {purpose: 'revoke the token in use', registry, suggestions}, {cause: error})
  }
  return {id: credential?.id ?? null, label: credential?.label ?? null, status: 'revoked'}
}
