import {isApkgError, printable, refusalBehind, type ApkgError, type RegistryClient} from '@apkg/command-kit'
import {parseGrace} from '@apkg/wire'
import type {RotatedTokenResponse} from '@apkg/wire/protocol'

import {namingFlags} from '../by-flag.js'
import {failure} from '../failures.js'
import type {Restrictions} from '../restrictions.js'
import {comparePolicy} from './compare-policy.js'
import {flagOfField} from './flag-of-field.js'
import {orgOption} from './org-option.js'
import {sendOnce} from './send-once.js'
import {tokenCommand} from './token-command.js'
import {tokenFromWire, type Token} from './token.js'

/** A token to rotate, with what it allows. */
export type TokenToRotate = Pick<
  Token,
  'id' | 'label' | 'scopes' | 'packages' | 'organization' | keyof Restrictions
> & {
  /** In milliseconds. Null if the token never expires; undefined if the registry doesn't report when it was created. */
  lifetime: number | null | undefined
  /** Undefined for the token in use, which isn't suspended. */
  suspensions?: Token['suspensions']
  /** The start of the newest value, and when it was made by a rotation. Undefined for the token in use. */
  prefix?: Token['prefix']
  rotatedAt?: Token['rotatedAt']
  /** When the value to replace expires; null if it doesn't. */
  expiresAt: string | null
  /** Whether it authenticates this command. */
  isCurrent: boolean
}

/** The command that rotates a token again. */
export function rotateCommand({id, organization, isCurrent}: TokenToRotate, registry: string): string {
  // A token can rotate itself without being allowed to find itself in a list.
  return isCurrent
    ? `apkg token rotate --current --registry ${registry}`
    : tokenCommand('rotate', id, {registry, organization})
}

/** How long the old value works after the first use of the new one, and when the token expires. */
export interface RotationRequest {
  grace: string
  /** In the protocol's format. Undefined renews the lifetime. */
  expiresIn: string | undefined
}

/**
 * Whether the value that a rotation replaces still works. It can have ended before: without a grace period, an earlier
 * rotation ended it for good. `unknown`: the registry doesn't report it.
 */
export type OldValueState = 'works' | 'ended' | 'unknown'

/** A token with its new value, which isn't stored anywhere yet. */
export interface RotatedToken {
  token: Token
  value: string
  oldValue: OldValueState
  /** Sentences for the user. */
  warnings: string[]
}

/**
 * Requests a new value for a token, with at most the access and lifetime that it has.
 *
 * @throws {ApkgError} `TOKEN_NOT_FOUND`; `NOT_OFFERED` if the registry can't rotate tokens; `ROTATION_WIDER` if the
 *   token would allow more, after dropping the new value; `TOKEN_ROTATION_UNCERTAIN` if the response was lost.
 */
export async function requestRotation(
  client: RegistryClient,
  before: TokenToRotate,
  {grace, expiresIn}: RotationRequest,
): Promise<RotatedToken> {
  const response = await send(client, before, {grace, expiresIn})
  const token = tokenFromWire(response, new Date(response.rotatedAt ?? response.createdAt))
  const oldValue = oldValueState(response, grace)
  const {wider, narrower} = differences(before, expiresIn, token)
  if (wider.length > 0) {
    const isDropped = await dropValue(client, token)
    const {registry} = client
    const leftover = isDropped ? undefined : tokenCommand('revoke', before.id, {...before, registry})
    const facts = {label: printable(before.label), differences: wider.map(printable), leftover}
    throw failure('ROTATION_WIDER', {...facts, oldValue})
  }
  const warnings = narrower.length > 0 ? [`The token is now more restricted: ${printable(narrower.join('; '))}.`] : []
  return {token, value: response.token, oldValue, warnings}
}

/** Compares times of the registry only. */
function oldValueState({oldValue, rotatedAt}: RotatedTokenResponse, grace: string): OldValueState {
  if (parseGrace(grace) === 0) return 'ended'
  if (!oldValue || !rotatedAt) return 'unknown'
  const {endsAt} = oldValue
  return endsAt && Date.parse(endsAt) <= Date.parse(rotatedAt) ? 'ended' : 'works'
}

function differences(before: TokenToRotate, expiresIn: string | undefined, token: Token) {
  const createdAt = token.rotatedAt ?? token.createdAt
  const made = {...token, createdAt}
  const asked = {...before, expiresIn: expiresIn ?? sameLifetime(before, made)}
  const {wider, narrower} = comparePolicy(asked, made)
  if (token.id !== before.id) wider.push('it has another ID')
  return {wider, narrower}
}

/** Returns the expiry of the token if its lifetime is renewed, in the protocol's format. */
function sameLifetime({lifetime}: TokenToRotate, {createdAt, expiresAt}: Token): string {
  if (lifetime === null) return 'never'
  // Any expiry is accepted then, but not a token that never expires.
  if (lifetime === undefined) return expiresAt ?? createdAt
  return new Date(Date.parse(createdAt) + lifetime).toISOString()
}

async function send(
  client: RegistryClient,
  before: TokenToRotate,
  {grace, expiresIn}: RotationRequest,
): Promise<RotatedTokenResponse> {
  const {registry} = client
  const {id, label, organization} = before
  const body = {grace, ...(expiresIn !== undefined && {expiresIn})}
  const toUncertain = (error: ApkgError) =>
    uncertain(error, {
      label: printable(label),
      rotate: rotateCommand(before, registry),
      isEnded: parseGrace(grace) === 0,
    })
  try {
    const request = (idempotencyKey: string) => client.call('rotateToken', {params: {id}, body}, {idempotencyKey})
    return (await sendOnce(client, request, toUncertain)).response
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.code === 'TOKEN_NOT_FOUND') {
      const facts = {selectors: [printable(label)], registry, organization: organization ?? undefined}
      throw failure('TOKEN_NOT_FOUND', facts, {cause: error})
    }
    if (refusal?.code === 'TOKEN_NOT_ACTIVE') throw notActive(refusal, before, registry)
    if (refusal?.status === 404 || refusal?.status === 405) {
      throw rotationNotOffered(registry, error)
    }
    throw await namingFlags(client, 'rotateToken', flagOfField, error)
  }
}

/** A suspended token can be resumed. Any other one has ended for good. */
function notActive(
  refusal: NonNullable<ReturnType<typeof refusalBehind>>,
  {id, organization, suspensions = []}: TokenToRotate,
  registry: string,
): ApkgError {
  const isSuspended = suspensions.length > 0 || refusal.details.some(({code}) => code === 'suspended')
  const isByOthers = suspensions.some(({by}) => by !== 'owner')
  const suggestions = isSuspended
    ? [
        isByOthers
          ? `ask the registry operator to resume it with \`apkg registry token resume ${id}\``
          : `run \`apkg token resume ${id}${orgOption(organization)} --registry ${registry}\`, then rotate it`,
      ]
    : [`create another token with \`apkg token create${orgOption(organization)} --registry ${registry}\``]
  const facts = {purpose: 'rotate an API token', registry, source: undefined, reason: refusal.message}
  return failure('REFUSED', {...facts, suggestions}, {cause: refusal})
}

export function rotationNotOffered(registry: string, cause?: unknown): ApkgError {
  const suggestions = [
    'create another token with `apkg token create` and store it, then revoke this one with `apkg token revoke`',
  ]
  return failure('NOT_OFFERED', {purpose: 'rotate an API token', registry, suggestions}, {cause})
}

function uncertain(error: ApkgError, facts: {label: string; rotate: string; isEnded: boolean}): ApkgError {
  const {exitCode: exit, message: reason} = error
  return failure('TOKEN_ROTATION_UNCERTAIN', {...facts, exit, reason}, {cause: error})
}

/**
 * Drops a new value that was not delivered.
 *
 * @returns whether the registry dropped it
 */
export async function dropValue(client: RegistryClient, {id, prefix}: Token): Promise<boolean> {
  if (prefix === null) return false
  try {
    await client.call('dropRotation', {params: {id}, query: {prefix}})
    return true
  } catch (error) {
    if (!isApkgError(error)) throw error
    return false
  }
}
