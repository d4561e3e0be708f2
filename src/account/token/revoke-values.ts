import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {maxLeakedValueLength, maxLeakedValues} from '@apkg/wire'

import {failure} from '../failures.js'

/**
 * Parses values, one per line. Blank lines and whitespace around a value are ignored.
 *
 * @throws {ApkgError} `INPUT_MISSING` without a value; `USAGE` if there are too many, or one is too long. No value is
 *   repeated.
 */
export function parseValues(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const values = lines.filter((line) => line !== '')
  if (values.length === 0) {
    const missing = 'No values were given on standard input'
    throw failure('INPUT_MISSING', {missing, because: false, supply: 'pipe them into the command, one per line'})
  }
  if (values.length > maxLeakedValues) {
    throw failure('USAGE', {
      message: `Standard input has ${values.length} values, and at most ${maxLeakedValues} can be sent at once. Nothing was sent`,
      suggestions: ['split them up with `split -l 1000`'],
    })
  }
  const tooLong = lines.findIndex((line) => line.length > maxLeakedValueLength)
  if (tooLong >= 0) {
    throw failure('USAGE', {
      message: `Line ${tooLong + 1} of standard input is longer than ${maxLeakedValueLength} characters. Nothing was sent`,
      suggestions: ['pass one value per line'],
    })
  }
  return values
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
