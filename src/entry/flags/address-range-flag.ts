import {readAddressRange} from '@apkg/wire'

import {failure} from '../../account/failures.js'

/**
 * The value of a flag, as a range of addresses in canonical form.
 *
 * @throws {ApkgError} `USAGE`.
 */
export function parseAddressRange(text: string): string {
  const read = readAddressRange(text)
  if ('range' in read) return read.range
  throw failure('USAGE', {message: `\`${text}\` ${read.problem}`})
}
