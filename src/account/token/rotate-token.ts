import {isApkgError, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {parseGrace} from '@apkg/wire'

import {failure} from '../failures.js'
import {listTokens} from './list-tokens.js'
import {
  dropValue,
  requestRotation,
  rotationNotOffered,
  type RotatedToken,
  type RotationRequest,
  type TokenToRotate,
} from './request-rotation.js'
import {selectTokens} from './select-tokens.js'
import type {Token} from './token.js'

/** A token that was found, and whether it authenticates this command. */
export interface FoundToken {
  token: TokenToRotate
  isCurrent: boolean
}

/** The new value was used, or why it wasn't. `isReplaced`: it is invalid already, because of another rotation. */
export type FirstUse = 'used' | {problem: string; isReplaced: boolean}

/**
 * Finds the token to rotate.
 *
 * @param selector an ID, a label or a unique prefix of an ID. Undefined: the token in use.
 * @throws {ApkgError} `CURRENT_NOT_A_TOKEN`, `NOT_OFFERED`, `TOKEN_NOT_FOUND`, `TOKEN_AMBIGUOUS`.
 */
export async function findTokenToRotate(client: RegistryClient, selector: string | undefined): Promise<FoundToken> {
  const {registry} = client
  const {credential} = await client.call('whoami', {})
  if (selector === undefined) {
    if (!credential) throw rotationNotOffered(registry)
    if (credential.kind !== 'token') throw failure('CURRENT_NOT_A_TOKEN', {registry})
    const {id, label, scopes = [], packagePatterns: packages = [], expires} = credential
    const lifetime = expires === null ? null : undefined
    return {token: {id, label: label ?? id, scopes, packages, lifetime}, isCurrent: true}
  }
  const {tokens} = selectTokens([selector], await listTokens(client, {now: new Date()}), registry)
  const [token] = tokens as [Token]
  const isCurrent = credential?.kind === 'token' && credential.id === token.id
  return {token: {...token, lifetime: lifetimeOf(token)}, isCurrent}
}

function lifetimeOf({createdAt, rotatedAt, expiresAt}: Token): number | null {
  return expiresAt === null ? null : Date.parse(expiresAt) - Date.parse(rotatedAt ?? createdAt)
}

/** Uses a new value once, after its delivery. That starts the grace period of the old value. */
export async function useOnce(client: RegistryClient, value: string): Promise<FirstUse> {
  try {
    await client.withValue(value).call('whoami', {})
    return 'used'
  } catch (error) {
    if (!isApkgError(error)) throw error
    return {problem: error.message, isReplaced: refusalBehind(error)?.status === 401}
  }
}

/** Drops a new value that was not delivered. @returns the failure to report. */
export async function withdrawRotation(
  client: RegistryClient,
  {token}: RotatedToken,
  {grace}: RotationRequest,
  {problem, cause}: {problem: string; cause: unknown},
): Promise<Error> {
  const isDropped = await dropValue(client, token)
  const facts = {label: printable(token.label), problem, isDropped, isEnded: parseGrace(grace) === 0}
  return failure('ROTATION_UNDELIVERED', facts, {cause})
}

/**
 * Rotates the token in use, and replaces it where it is stored. The old value is put back if the new one turns out to be
 * invalid.
 *
 * @throws {ApkgError} `ROTATION_REPLACED` if another rotation was faster; `ROTATION_UNDELIVERED` if the new value could
 *   not be stored; what `requestRotation` throws.
 */
export async function rotateStored(
  client: RegistryClient,
  before: TokenToRotate,
  request: RotationRequest,
): Promise<{rotated: RotatedToken; use: FirstUse}> {
  return client.rewriteCredential(async (current, replace) => {
    const rotated = await requestRotation(current, before, request)
    try {
      await replace(rotated.value)
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'The new value could not be stored'
      throw await withdrawRotation(current.afterInterruption(), rotated, request, {problem, cause: error})
    }
    const use = await useOnce(current.afterInterruption(), rotated.value)
    if (use !== 'used' && use.isReplaced) {
      await replace(undefined)
      throw failure('ROTATION_REPLACED', {label: printable(before.label)})
    }
    return {rotated, use}
  })
}
