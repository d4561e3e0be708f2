import {isApkgError, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {joinPatterns} from '@apkg/wire'
import type {CreatedTokenAnswer} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {answerWasLost} from '../../files/lost-answer.js'
import {comparePolicy} from './compare-policy.js'
import {nextLabel} from './label-proposal.js'
import {revokeCommand} from './revoke-command.js'
import {tokenFromWire, type Token, type TokenRequest} from './token.js'

/** A token that was just made. The value exists here and nowhere else. */
export interface CreatedToken {
  token: Token
  value: string
  /** What the user should know about it, a sentence each. */
  warnings: string[]
}

/** What is asked for where a registry does not do "never". */
const longestOffered = '365d'

/** How often another label is tried for a proposal that turns out to be taken. */
const mostLabels = 100

/**
 * Creates a token that may do what was asked and no more.
 *
 * @throws {ApkgError} `TOKEN_WIDER` when the registry made it wider or longer-lived; it was revoked again if possible.
 *   `CREATION_UNCERTAIN` when the answer was lost, naming the command that revokes what may have been made.
 */
export async function createToken(client: RegistryClient, request: TokenRequest): Promise<CreatedToken> {
  const warnings: string[] = []
  const {answer, request: asked} = await askFor(client, request, warnings)
  const token = tokenFromWire(answer)
  const {wider, narrower} = comparePolicy(asked, token)
  if (wider.length > 0) {
    const leftover = await withdrawToken(client, token)
    throw failure('TOKEN_WIDER', {label: printable(token.label), differences: wider.map(printable), leftover})
  }
  if (narrower.length > 0) {
    warnings.push(`The registry made the token narrower than was asked: ${printable(narrower.join('; '))}.`)
  }
  if (token.label !== asked.label) warnings.push(`The registry named the token \`${printable(token.label)}\`.`)
  return {token, value: answer.token, warnings}
}

/**
 * Revokes a token that nobody got hold of.
 *
 * @returns undefined when that is done, else the command that the user has to run.
 */
export async function withdrawToken(client: RegistryClient, {id}: Token): Promise<string | undefined> {
  try {
    await client.call('revokeToken', {params: {id}})
    return undefined
  } catch (error) {
    return refusalBehind(error)?.status === 404 ? undefined : revokeCommand(id, client.registry)
  }
}

/** Asks again where the registry's refusal leaves a way: a proposed label that is taken, and no "never". */
async function askFor(
  client: RegistryClient,
  request: TokenRequest,
  warnings: string[],
): Promise<{answer: CreatedTokenAnswer; request: TokenRequest}> {
  let asked = request
  for (let attempt = 1; ; attempt++) {
    try {
      return {answer: await askOnce(client, asked), request: asked}
    } catch (error) {
      const refusal = refusalBehind(error)
      const isTaken = refusal?.status === 409 && refusal.code !== 'TOKEN_LIMIT'
      const labelTaken = isTaken && asked.labelIsProposal && attempt < mostLabels
      const neverRefused = refusal?.details.some(({field}) => field === 'expiresIn') ?? false
      if (labelTaken) asked = {...asked, label: nextLabel(asked.label)}
      else if (neverRefused && asked.expiresIn === undefined) {
        asked = {...asked, expiresIn: longestOffered}
        warnings.push(`The registry makes no tokens that never expire: this one was asked to live ${longestOffered}.`)
      } else if (neverRefused && asked.expiresIn === 'never') {
        throw failure('REFUSED', neverRefusal(client, refusal?.reason), {cause: refusal})
      } else throw error
    }
  }
}

function neverRefusal({registry, credential}: RegistryClient, reason = 'it makes no tokens that never expire') {
  const suggestions = [`ask for an end, as with \`--expires ${longestOffered}\``]
  return {purpose: 'create an API token', registry, reason, source: credential?.source, suggestions}
}

async function askOnce(client: RegistryClient, asked: TokenRequest): Promise<CreatedTokenAnswer> {
  const {label, scopes, packages, expiresIn = 'never'} = asked
  try {
    return await client.call('createToken', {
      body: {
        name: label,
        scopes: [...scopes],
        expiresIn,
        ...(packages.length > 0 && {packageScope: joinPatterns(packages)}),
      },
    })
  } catch (error) {
    if (!isApkgError(error) || !answerWasLost(error)) throw error
    const revoke = revokeCommand(label, client.registry)
    throw failure('CREATION_UNCERTAIN', {label, revoke, exit: error.exitCode, reason: error.message}, {cause: error})
  }
}
