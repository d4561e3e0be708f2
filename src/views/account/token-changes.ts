import {printable, success} from '@apkg/command-kit'
import {shownPrefixLength} from '@apkg/wire'

import type {TokenChange, TokenOutcome} from '../../account/token/change-tokens.js'
import type {Choice} from '../../account/token/find-tokens.js'
import type {Token} from '../../account/token/token.js'
import {day} from '../day.js'
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
  if (argument !== undefined) return `Token not found: "${printable(argument)}"`
  const subject = label === null || id === null ? 'in use' : `${printable(label)} (${printable(id)})`
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

/**
 * Warns about lines whose content was not sent.
 *
 * @param lines their numbers, from 1, in ascending order @returns no text or one.
 */
export function unrecognizedValues(lines: readonly number[]): string[] {
  if (lines.length === 0) return []
  const subject = `${lines.length === 1 ? 'Line' : 'Lines'} ${ranges(lines).join(', ')}`
  return [
    `${subject} of standard input: no complete value of a token or session found. Nothing from ${lines.length === 1 ? 'it' : 'them'} was sent.`,
  ]
}

/** For example `2, 5-7` for 2, 5, 6 and 7. */
function ranges(numbers: readonly number[]): string[] {
  const found: [first: number, last: number][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
}

/** Longer labels are shortened, so that a row fits 80 columns. Prompts break longer rows within words. */
const maxChoiceLabel = 30

/** The tokens, as choices of a prompt, in columns: label, ID, prefix, day of creation. */
export function tokenChoices(tokens: readonly Token[]): {name: string; value: Token}[] {
  const labels = tokens.map(({label}) => shortened(printable(label)))
  const widest = Math.max(...labels.map((label) => label.length))
  return tokens.map((token, index) => {
    const {id, prefix, createdAt} = token
    const shownPrefix = (prefix ?? '-').padEnd(shownPrefixLength)
    return {name: printable([labels[index]?.padEnd(widest), id, shownPrefix, day(createdAt)].join('  ')), value: token}
  })
}

function shortened(label: string): string {
  return label.length <= maxChoiceLabel ? label : `${label.slice(0, maxChoiceLabel - 3)}...`
}
