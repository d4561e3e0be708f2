import {printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {TokenSummary} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import type {TokenChange, TokenOutcome} from './change-tokens.js'
import {tokenCommand} from './token-command.js'
import {tokenFromWire} from './token.js'

/** The outcome for a token to suspend, or for an argument that matches none. */
export interface SuspensionOutcome extends TokenOutcome<'suspended'> {
  /**
   * `already`: you suspended the token before. `planned`: it would be suspended without --dry-run. `unknown`: the
   * registry's response was lost, so the token may or may not be suspended.
   */
  status: TokenOutcome<'suspended'>['status']
}

/** The outcome for a token to resume, or for an argument that matches none. */
export interface ResumptionOutcome extends TokenOutcome<'resumed'> {
  /**
   * `already`: the token isn't suspended. `planned`: it would be resumed without --dry-run. `unknown`: the registry's
   * response was lost, so the token may or may not be resumed.
   */
  status: TokenOutcome<'resumed'>['status']
}

/** @param reason shown with the token */
export function suspension(reason: string | undefined): TokenChange<'suspended'> {
  return {
    verb: 'suspend',
    done: 'suspended',
    doneBefore: ({suspensions}) => suspensions.find(({by}) => by === 'owner')?.at,

    async send(client, token) {
      const {id} = token
      const body = reason === undefined ? {} : {reason}
      const otherwise = `revoke it: \`${tokenCommand('revoke', token.id, {...token, registry: client.registry})}\``
      await offered(client, {purpose: 'suspend an API token', otherwise}, () =>
        client.call('suspendToken', {params: {id}, body}),
      )
      return 'done'
    },
  }
}

/**
 * Resuming lifts the user's own suspension. If the token has others, it fails with `STILL_SUSPENDED`.
 *
 * @param confirmed runs an action that may require a recent login
 */
export function resumption(
  now: Date,
  confirmed: <Result>(work: () => Promise<Result>) => Promise<Result>,
): TokenChange<'resumed'> {
  return {
    verb: 'resume',
    done: 'resumed',
    sessionEndpoint: 'resumeToken',
    doneBefore: ({status}) => (status === 'active' ? null : undefined),

    async send(client, {id}) {
      const request = () => client.call('resumeToken', {params: {id}})
      const otherwise = 'create another token with `apkg token create`'
      const response = await offered(client, {purpose: 'resume an API token', otherwise}, () => confirmed(request))
      const {label, status} = tokenFromWire(response, now)
      if (status === 'suspended') throw failure('STILL_SUSPENDED', {label: printable(label), id: printable(id)})
      return 'done'
    },
  }
}

async function offered(
  {registry}: RegistryClient,
  {purpose, otherwise}: {purpose: string; otherwise: string},
  work: () => Promise<TokenSummary>,
): Promise<TokenSummary> {
  try {
    return await work()
  } catch (error) {
    const refusal = refusalBehind(error)
    const isMissing = refusal?.status === 405 || (refusal?.status === 404 && refusal.code !== 'TOKEN_NOT_FOUND')
    if (!isMissing) throw error
    throw failure('NOT_OFFERED', {purpose, registry, suggestions: [otherwise]}, {cause: error})
  }
}
