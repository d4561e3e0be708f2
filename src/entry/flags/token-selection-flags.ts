import {isInteractive, type Ports} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {TokenQuery} from '../../account/token/find-tokens.js'
import {assertNoValues} from '../../account/token/select-tokens.js'
import type {TokenStatus} from '../../account/token/token.js'
import {orgFlag} from './org-flag.js'
import {liveTokenFilterFlags, tokenFiltersOf, tokenPropertyFlags, type FilterFlags} from './token-filter-flags.js'

/** The tokens that a command applies to, by name. */
export function tokensArg(verb: string) {
  return Args.string({
    description: `IDs, labels or prefixes of the tokens to ${verb}.`,
    multiple: true,
    ignoreStdin: true,
  })
}

/** The flags that select active or suspended tokens other than by name. */
export const tokenSelectionFlags = {
  ...liveTokenFilterFlags,
  ...selectionFlags('Select all active and suspended tokens.'),
}

/** The same for tokens of one status. */
export function selectionFlagsFor(status: 'active' | 'suspended') {
  return {...tokenPropertyFlags, ...selectionFlags(`Select all ${status} tokens.`)}
}

function selectionFlags(all: string) {
  return {
    ...orgFlag('Select tokens of this organization instead of your own.', 'FILTER'),
    all: Flags.boolean({summary: all, default: false, helpGroup: 'FILTER'}),
    'except-current': Flags.boolean({
      summary: 'With --all or filters, skip the token that authenticates this command.',
      default: false,
      helpGroup: 'FILTER',
    }),
    'dry-run': Flags.boolean({summary: 'List the tokens, and change nothing.', default: false}),
    yes: Flags.boolean({
      char: 'y',
      summary: 'Skip the confirmation of --all and filters. Required without a terminal.',
      default: false,
    }),
  }
}

export interface SelectionInput extends FilterFlags {
  all?: boolean | undefined
  'except-current': boolean
  'dry-run': boolean
  yes: boolean
  org?: string | undefined
}

type SelectionPorts = Pick<Ports, 'stdin' | 'stdout' | 'stderr' | 'env' | 'now'>

/**
 * Which tokens the arguments and flags select.
 *
 * @param status which tokens can be selected other than by name; by default, active and suspended ones.
 *
 * @throws {ApkgError} `USAGE`, `INPUT_MISSING`, `TOKEN_VALUE_GIVEN`.
 */
export function tokenQueryOf(
  {verb, status}: {verb: string; status?: TokenStatus},
  selectors: readonly string[],
  flags: SelectionInput,
  ports: SelectionPorts,
): TokenQuery {
  assertNoValues(selectors)
  const filters = tokenFiltersOf(flags, ports.now())
  const holder = flags.org === undefined ? {} : {organization: flags.org}
  const byStatus = status === undefined ? {} : {status}
  const isByFilter = flags.all === true || filters !== undefined
  if (flags.all && filters) throw failure('USAGE', {message: '--all cannot be combined with filters'})
  if (isByFilter && selectors.length > 0) {
    const suggestions = [`${verb} the other tokens with a separate command`]
    throw failure('USAGE', {message: 'IDs and labels cannot be combined with --all or filters', suggestions})
  }
  if (flags['except-current'] && !isByFilter) {
    throw failure('USAGE', {message: '--except-current requires --all or filters'})
  }
  if (isByFilter) {
    if (!flags.yes && !flags['dry-run']) assertCanConfirm(verb, ports)
    return {...holder, kind: 'matching', filters: {...filters, ...byStatus}, exceptCurrent: flags['except-current']}
  }
  if (selectors.length > 0) return {...holder, kind: 'named', selectors}
  if (!isInteractive(ports)) {
    const supply = `pass IDs or labels, filters, or --all`
    const because = 'there is no terminal to ask on'
    throw failure('INPUT_MISSING', {missing: `No tokens to ${verb} were given`, because, supply})
  }
  return {...holder, kind: 'choice', filters: byStatus}
}

function assertCanConfirm(verb: string, ports: SelectionPorts): void {
  if (isInteractive(ports)) return
  throw failure('INPUT_MISSING', {
    missing: `The tokens to ${verb} were not confirmed`,
    because: 'there is no terminal to ask on',
    supply: 'add --yes, or --dry-run to list the tokens',
  })
}

/** Whether tokens are only listed, and whether the user agreed before being asked. */
export function optionsOf({'dry-run': isDryRun, yes: isAgreed}: {'dry-run': boolean; yes: boolean}) {
  return {isDryRun, isAgreed}
}
