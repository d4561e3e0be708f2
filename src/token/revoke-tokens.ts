import {exitCodes, failure, isApkgError, refusalBehind, type ExitCode, type RegistryClient} from '@apkg/command-kit'

import type {Token} from './token.js'

/** What became of one token. */
export interface Revocation {
  id: string
  label: string
  status: 'revoked' | 'failed'
  /** Why it failed. */
  reason?: string
  /** The exit code that the failure alone would have. */
  exitCode?: ExitCode
}

/**
 * Revokes tokens one after the other and goes on after a failure. A token that the registry no longer knows was revoked
 * by somebody else meanwhile, which is what was wanted.
 */
export async function revokeTokens(client: RegistryClient, tokens: readonly Token[]): Promise<Revocation[]> {
  const revocations: Revocation[] = []
  for (const {id, label} of tokens) {
    try {
      await client.call('revokeToken', {params: {id}})
      revocations.push({id, label, status: 'revoked'})
    } catch (error) {
      if (!isApkgError(error)) throw error
      if (refusalBehind(error)?.status === 404) revocations.push({id, label, status: 'revoked'})
      else revocations.push({id, label, status: 'failed', reason: error.message, exitCode: error.exitCode as ExitCode})
    }
  }
  return revocations
}

/**
 * Revokes the token that the client authenticates with.
 *
 * @throws {ApkgError} `NOT_OFFERED` by a registry without that endpoint; `REFUSED` when the credential is a session.
 */
export async function revokeCurrentToken(client: RegistryClient): Promise<Revocation> {
  const {credential} = await client.call('whoami', {})
  try {
    await client.call('revokeCurrentToken', {})
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status !== 404 && status !== 405) throw error
    throw failure('NOT_OFFERED', {purpose: 'revoke the token in use', registry: client.registry}, {cause: error})
  }
  return {id: credential?.id ?? 'unknown', label: credential?.label ?? 'the token in use', status: 'revoked'}
}

/** 0 when all went, 6 when some did, and what the failures say when none did. */
export function exitCodeOf(revocations: readonly Revocation[]): ExitCode {
  const failed = revocations.filter(({status}) => status === 'failed')
  if (failed.length === 0) return exitCodes.done
  return failed.length < revocations.length ? exitCodes.partial : (failed[0]?.exitCode ?? exitCodes.failed)
}
