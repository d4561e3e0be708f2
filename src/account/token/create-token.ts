import {hasCode, isApkgError, printable, refusalBehind, type ApkgError, type RegistryClient} from '@apkg/command-kit'
import {joinPatterns} from '@apkg/wire'
import type {CreatedTokenResponse} from '@apkg/wire/protocol'

import {namingFlags} from '../by-flag.js'
import {failure} from '../failures.js'
import {comparePolicy} from './compare-policy.js'
import {flagOfField} from './flag-of-field.js'
import {nextLabel} from './label-proposal.js'
import {lifetimeByPolicy} from './lifetime-by-policy.js'
import {sendOnce} from './send-once.js'
import {tokenCommand, type TokenVerb} from './token-command.js'
import {tokenFromWire, type Token, type TokenRequest} from './token.js'

/** A new token. Its value exists nowhere else. */
export interface CreatedToken {
  token: Token
  value: string
  /** Sentences for the user. */
  warnings: string[]
  /** Explains a lifetime that the registry's policy set. */
  lifetimeNote?: string
}

/** Requested if a registry refuses tokens that never expire. */
const fallbackLifetime = '365d'

/** How many labels to try if the proposed one already exists. */
const maxLabelAttempts = 100

/**
 * Creates a token with at most the requested access and lifetime.
 *
 * @throws {ApkgError} `TOKEN_WIDER` if the registry gave it more; the token is revoked if possible. `CREATION_UNCERTAIN`
 *   if the response was lost, with the command that revokes the token in case it was created.
 */
export async function createToken(client: RegistryClient, request: TokenRequest): Promise<CreatedToken> {
  const warnings: string[] = []
  const byPolicy = await lifetimeByPolicy(client, request)
  const wanted = byPolicy ? {...request, expiresIn: byPolicy.lifetime} : request
  const {response, request: asked} = await requestToken(client, wanted, warnings)
  const token = tokenFromWire(response, new Date(response.createdAt))
  const {wider, narrower} = comparePolicy(asked, token)
  if (wider.length > 0) {
    const leftover = await withdrawToken(client, token)
    throw failure('TOKEN_WIDER', {label: printable(token.label), differences: wider.map(printable), leftover})
  }
  if (narrower.length > 0) {
    warnings.push(`The token is more restricted than requested: ${printable(narrower.join('; '))}.`)
  }
  if (token.label !== asked.label) {
    warnings.push(`The registry changed the token's label to "${printable(token.label)}".`)
  }
  if (asked.note !== undefined && token.note !== asked.note) warnings.push("The registry didn't store the note.")
  return {token, value: response.token, warnings, ...(byPolicy?.note !== undefined && {lifetimeNote: byPolicy.note})}
}

/**
 * Revokes a token whose value was never delivered.
 *
 * @returns undefined if it was revoked, otherwise the command that revokes it.
 */
export async function withdrawToken(client: RegistryClient, {id, organization}: Token): Promise<string | undefined> {
  try {
    await client.call('revokeToken', {params: {id}})
    return undefined
  } catch (error) {
    return refusalBehind(error)?.status === 404
      ? undefined
      : tokenCommand('revoke', id, {registry: client.registry, organization})
  }
}

/** Tries again with another label if the proposed one exists, and with an expiry if the registry requires one. */
async function requestToken(
  client: RegistryClient,
  request: TokenRequest,
  warnings: string[],
): Promise<{response: CreatedTokenResponse; request: TokenRequest}> {
  let asked = request
  for (let attempt = 1; ; attempt++) {
    try {
      return {response: await sendRequest(client, asked), request: asked}
    } catch (error) {
      const refusal = refusalBehind(error)
      const isTaken = refusal?.status === 409 && refusal.code !== 'TOKEN_LIMIT'
      const labelTaken = isTaken && asked.labelIsProposal && attempt < maxLabelAttempts
      const neverRefused = refusal?.details.some(({field}) => field === 'expiresIn') ?? false
      if (labelTaken) asked = {...asked, label: nextLabel(asked.label)}
      else if (neverRefused && asked.expiresIn === undefined) {
        asked = {...asked, expiresIn: fallbackLifetime}
        warnings.push(`The token expires in ${fallbackLifetime}, because the registry requires an expiry.`)
      } else if (neverRefused && asked.expiresIn === 'never' && refusal?.code !== 'LIFETIME_TOO_LONG') {
        throw failure('REFUSED', neverRefusal(client, refusal?.reason), {cause: refusal})
      } else if (refusal?.code === 'LABEL_TAKEN') {
        throw failure('REFUSED', takenRefusal(client, asked, refusal.reason), {cause: refusal})
      } else throw await namingFlags(client, 'createToken', flagOfField, error)
    }
  }
}

function neverRefusal({registry}: RegistryClient, reason = 'tokens must expire') {
  const suggestions = [`set an expiry, such as \`--expires ${fallbackLifetime}\``]
  return {purpose: 'create an API token', registry, reason, suggestions}
}

function takenRefusal({registry}: RegistryClient, {label, organization}: TokenRequest, reason: string) {
  const command = (verb: TokenVerb) => `\`${tokenCommand(verb, label, {registry, organization})}\``
  const suggestions = [
    'choose another --label',
    `run ${command('show')} to see the token that has this one`,
    `run ${command('rotate')} to give that token a new value`,
    `run ${command('revoke')} to free the label`,
  ]
  return {purpose: 'create an API token', registry, reason, suggestions}
}

async function sendRequest(client: RegistryClient, asked: TokenRequest): Promise<CreatedTokenResponse> {
  const {label, scopes, packages, organization, addresses, uses, release, note, expiresIn = 'never'} = asked
  const body = {
    name: label,
    scopes: [...scopes],
    expiresIn,
    ...(packages.length > 0 && {packageScope: joinPatterns(packages)}),
    ...(organization !== null && {organization}),
    ...(addresses !== null && {addresses}),
    ...(uses !== null && {uses}),
    ...(release !== null && {release}),
    ...(note !== undefined && {note}),
  }
  const toUncertain = (error: ApkgError) => {
    const revoke = tokenCommand('revoke', label, {registry: client.registry, organization})
    const facts = {label, revoke, exit: error.exitCode, reason: error.message}
    return failure('CREATION_UNCERTAIN', facts, {cause: error})
  }
  const send = (idempotencyKey: string) => client.call('createToken', {body}, {idempotencyKey})
  const {response, isRepeated} = await sendOnce(client, send, toUncertain)
  if (isRepeated) await settle(client, response.token, toUncertain)
  return response
}

/** Uses a value once. From then on, no earlier attempt that arrives late replaces it. */
async function settle(client: RegistryClient, value: string, toUncertain: (error: ApkgError) => ApkgError) {
  try {
    await client.withValue(value).call('whoami', {})
  } catch (error) {
    if (!isApkgError(error)) throw error
    if (refusalBehind(error)?.status === 401 || hasCode(error, 'INTERRUPTED')) throw toUncertain(error)
  }
}
