import {printable, success} from '@apkg/command-kit'

import type {TokenChange, TokenOutcome} from '../../account/token/change-tokens.js'
import type {Choice} from '../../account/token/find-tokens.js'
import type {Token} from '../../account/token/token.js'
import {hintLines} from '../hint-lines.js'

type Verb = TokenChange<string>['verb']

const words = {
  suspend: {
    done: 'Suspended',
    doneBefore: 'Already suspended',
    failed: 'Not suspended',
    unknown: 'May not have been suspended',
  },
  resume: {done: 'Resumed', doneBefore: 'Not suspended', failed: 'Not resumed', unknown: 'May not have been resumed'},
  revoke: {done: 'Revoked', doneBefore: 'Already revoked', failed: 'Not revoked', unknown: 'May not have been revoked'},
} satisfies Record<Verb, Record<'done' | 'doneBefore' | 'failed' | 'unknown', string>>

/**
 * The outcome for each token, one per line, and what to do about failures.
 *
 * @param moment names a time in a sentence; see `momentsOn`.
 */
export function outcomeLines(outcomes: readonly TokenOutcome[], verb: Verb, moment: (time: string) => string): string {
  if (outcomes.length === 0) return `Nothing to ${verb}: no API tokens selected.`
  const isPlan = outcomes.some(({status}) => status === 'planned')
  const lines = outcomes.map((outcome) => outcomeLine(outcome, verb, moment))
  return [...lines, ...hintLines(outcomes), ...(isPlan ? ['Dry run: nothing was changed.'] : [])].join('\n')
}

function outcomeLine(
  {label, id, argument, status, since, reason}: TokenOutcome,
  verb: Verb,
  moment: (time: string) => string,
): string {
  if (label === null || id === null) return `Token not found: "${printable(argument ?? '')}"`
  const subject = `${printable(label)} (${printable(id)})`
  const why = reason === undefined ? '' : `: ${printable(reason)}`
  const {done, doneBefore, failed, unknown} = words[verb]
  switch (status) {
    case 'already':
      return `${doneBefore}${since ? ` ${moment(since)}` : ''}: ${subject}`
    case 'planned':
      return `Would ${verb} token ${subject}`
    case 'failed':
      return `${failed}: ${subject}${why}`
    case 'unknown':
      return `${unknown}: ${subject}${why}`
    default:
      return success(`${done} token ${subject}`)
  }
}

/** What the user is asked before tokens are changed. */
export function tokenQuestions(verb: Verb) {
  const choice: Choice = {message: `Select tokens to ${verb}`, toChoices: tokenChoices}
  return {
    choice,
    confirmation: (tokens: readonly Token[], registry: string) => {
      const names = tokens.map(({label, id}) => printable(`  ${label} (${id})`))
      const action = `${capitalized(verb)} ${tokens.length === 1 ? 'this token' : `these ${tokens.length} tokens`}`
      return [`${action} on ${registry}?`, ...names].join('\n')
    },
  }
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

/** @param count how many values were submitted. */
export function reportedValues(count: number): string {
  if (count === 1) return 'Submitted 1 value for revocation. If it was valid, it no longer works.'
  return `Submitted ${count} values for revocation. Any valid ones no longer work.`
}

/** The tokens, as choices of a prompt. */
export function tokenChoices(tokens: readonly Token[]): {name: string; value: Token}[] {
  return tokens.map((token) => {
    const {label, id, prefix, createdAt} = token
    return {name: printable(`${label}  ${id}  ${prefix ?? ''}  created ${createdAt.slice(0, 10)}`), value: token}
  })
}
