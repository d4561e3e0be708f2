import type {Ports, RegistryClient} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {changeTokens, planChange, type TokenChange, type TokenOutcome} from './change-tokens.js'
import {findTokens, type Choice, type TokenQuery} from './find-tokens.js'
import {orSessionRequired} from './or-session-required.js'
import type {Token} from './token.js'

interface Options {
  /** Whether to report what would be done without doing it. */
  isDryRun: boolean
  /** Whether the user agreed beforehand. */
  isAgreed: boolean
}

/** The texts of the prompts. */
interface Questions {
  choice: Choice
  /** The confirmation before a change of tokens that were selected by filters. */
  confirmation: (tokens: readonly Token[], registry: string) => string
}

/**
 * Changes the tokens that a query selects. Asks for confirmation first, unless the user named them.
 *
 * @throws {ApkgError} `TOKEN_CHANGE_CANCELED`, and what `findTokens` and `changeTokens` throw.
 */
export async function changeSelected<Done extends string>(
  client: RegistryClient,
  query: TokenQuery,
  change: TokenChange<Done>,
  {isDryRun, isAgreed}: Options,
  {choice, confirmation}: Questions,
  ports: Pick<Ports, 'prompts' | 'now'>,
): Promise<TokenOutcome<Done>[]> {
  const {sessionEndpoint} = change
  const find = () => findTokens(client, query, choice, ports)
  const selection = await (sessionEndpoint ? orSessionRequired(client, sessionEndpoint, find) : find())
  if (isDryRun) return planChange(selection, change)
  if (query.kind === 'matching' && !isAgreed && selection.tokens.length > 0) {
    const message = confirmation(selection.tokens, client.registry)
    if (!(await ports.prompts.confirm({message, default: false}))) throw failure('TOKEN_CHANGE_CANCELED')
  }
  return changeTokens(client, selection, change)
}
