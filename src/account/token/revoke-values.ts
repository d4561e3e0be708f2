import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {findTokenValues, maxLeakedValueLength, maxLeakedValues} from '@apkg/wire'

import {failure} from '../failures.js'

/** Values that were found on standard input. */
export interface FoundValues {
  /** Each value once. */
  values: string[]
  /** The numbers of the lines without a value, from 1. Blank lines don't count. */
  unrecognizedLines: number[]
}

/**
 * Finds values in lines of any kind, such as those of a log or of a `.env` file.
 *
 * @throws {ApkgError} `INPUT_MISSING` without a value; `USAGE` if there are too many lines or values. No line is repeated.
 */
export function parseValues(text: string): FoundValues {
  const lines = text.split(/\r?\n/).map((line, index) => ({number: index + 1, line: line.trim()}))
  const written = lines.filter(({line}) => line !== '')
  if (written.length === 0) throw nothingFound('No values were given on standard input')
  assertFew(written.length, 'lines')
  const found = written.map(({number, line}) => ({number, values: findTokenValues(line).filter(fits)}))
  const values = [...new Set(found.flatMap((each) => each.values))]
  if (values.length === 0) throw nothingFound('No values of tokens or sessions were found on standard input')
  assertFew(values.length, 'values')
  return {values, unrecognizedLines: found.filter((each) => each.values.length === 0).map(({number}) => number)}
}

function fits(value: string): boolean {
  return value.length <= maxLeakedValueLength
}

function nothingFound(problem: string) {
  const missing = `${problem}. Nothing was sent`
  return failure('INPUT_MISSING', {
    missing,
    because: false,
    supply: 'pipe complete values into the command, one per line, or lines that contain them',
  })
}

function assertFew(count: number, what: string): void {
  if (count <= maxLeakedValues) return
  throw failure('USAGE', {
    message: `Standard input has ${count} ${what}, and at most ${maxLeakedValues} can be sent at once. Nothing was sent`,
    suggestions: [`split the input up with \`split -l ${maxLeakedValues}\``],
  })
}

/**
 * Asks a registry to revoke what the values belong to. It doesn't report which of them were valid.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry has no such endpoint.
 */
export async function revokeValues(
  client: RegistryClient,
  values: readonly string[],
  note: string | undefined,
): Promise<void> {
  try {
    await client.call('revokeValues', {body: {values: [...values], ...(note !== undefined && {note})}})
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status !== 404 && status !== 405) throw error
    const suggestions = ['log in with `apkg login`, and revoke the tokens by ID or label', 'ask its operator']
    const facts = {purpose: 'revoke tokens by their values', registry: client.registry, suggestions}
    throw failure('NOT_OFFERED', facts, {cause: error})
  }
}
