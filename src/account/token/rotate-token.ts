import {isApkgError, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {organizationFromWire, restrictionsFromWire} from '../restrictions.js'
import {findNamed} from './find-tokens.js'
import {
  dropValue,
  requestRotation,
  rotateCommand,
  rotationNotOffered,
  type RotatedToken,
  type RotationRequest,
  type TokenToRotate,
} from './request-rotation.js'
import {orSessionRequired} from './or-session-required.js'
import type {HolderQuery} from './token-filters.js'
import {tokenCommand} from './token-command.js'
import type {Token} from './token.js'

/**
 * Whether the new value was used, or why not. `elsewhere`: the token can't be used from this address. `isReplaced`:
 * another rotation has already replaced the value.
 */
export type FirstUse = 'used' | 'elsewhere' | {problem: string; isReplaced: boolean}

/**
 * Finds the token to rotate.
 *
 * @param selector an ID, a label or a unique prefix of an ID. Undefined: the token in use.
 * @throws {ApkgError} `REFUSED` for a token that can't list tokens, because it can't rotate others either;
 *   `CURRENT_NOT_A_TOKEN`, `NOT_OFFERED`, `TOKEN_NOT_FOUND`, `TOKEN_AMBIGUOUS`.
 */
export async function findTokenToRotate(
  client: RegistryClient,
  selector: string | undefined,
  query: HolderQuery,
): Promise<TokenToRotate> {
  const {registry} = client
  const {credential, organization} = await client.call('whoami', {})
  if (selector === undefined) {
    if (!credential) throw rotationNotOffered(registry)
    if (credential.kind !== 'token') throw failure('CURRENT_NOT_A_TOKEN', {registry})
    const {id, label, scopes = [], packagePatterns: packages = [], expires} = credential
    const lifetime = expires === null ? null : undefined
    const ends = {expiresAt: expires ?? null, organization: organizationFromWire(organization)}
    const restrictions = restrictionsFromWire(credential)
    return {id, label: label ?? id, scopes, packages, lifetime, ...ends, ...restrictions, isCurrent: true}
  }
  const find = () => findNamed(client, [selector], query)
  const {tokens} = await (credential?.kind === 'token' ? orSessionRequired(client, 'rotateToken', find) : find())
  const [token] = tokens as [Token]
  const isCurrent = credential?.kind === 'token' && credential.id === token.id
  return {...token, lifetime: lifetimeOf(token), isCurrent}
}

function lifetimeOf({createdAt, rotatedAt, expiresAt}: Token): number | null {
  return expiresAt === null ? null : Date.parse(expiresAt) - Date.parse(rotatedAt ?? createdAt)
}

/** Uses a new value once after its delivery, which starts the grace period of the old value. */
export async function useOnce(client: RegistryClient, value: string): Promise<FirstUse> {
  try {
    await client.withValue(value).call('whoami', {})
    return 'used'
  } catch (error) {
    if (!isApkgError(error)) throw error
    if (refusalBehind(error)?.code === 'ADDRESS_REFUSED') return 'elsewhere'
    return {problem: error.message, isReplaced: refusalBehind(error)?.status === 401}
  }
}

/** Drops a new value that was not delivered. @returns the failure to report. */
export async function withdrawRotation(
  client: RegistryClient,
  before: TokenToRotate,
  {token, oldValue}: RotatedToken,
  {problem, cause}: {problem: string; cause: unknown},
): Promise<Error> {
  const isDropped = await dropValue(client, token)
  const rotate = rotateCommand(before, client.registry)
  const facts = {label: printable(token.label), problem, rotate, isDropped, oldValue}
  return failure('ROTATION_UNDELIVERED', facts, {cause})
}

/**
 * Rotates the token in use, and replaces it where it is stored. The old value is put back if the new one turns out to
 * be invalid.
 *
 * @throws {ApkgError} `ROTATION_REPLACED` if another rotation finished first; `ROTATION_UNDELIVERED` if the new value
 *   could not be stored; what `requestRotation` throws.
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
      throw await withdrawRotation(current.afterInterruption(), before, rotated, {problem, cause: error})
    }
    const use = await useOnce(current.afterInterruption(), rotated.value)
    if (typeof use === 'object' && use.isReplaced) {
      await replace(undefined)
      throw failure('ROTATION_REPLACED', {label: printable(before.label), ...commandsFor(before, current.registry)})
    }
    return {rotated, use}
  })
}

function commandsFor({id, organization}: TokenToRotate, registry: string): {log: string; revoke: string} {
  const place = {registry, organization}
  return {log: tokenCommand('log', id, place), revoke: tokenCommand('revoke', id, place)}
}
