import path from 'node:path'

import {reasonOf} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {secretsIn} from '../packing/secret-scan.js'
import {readBounded} from '../../files/read-bounded.js'
import {UnusableFile} from '../../files/unusable-file.js'

/** Bytes: more than any registry takes. */
const largestProvenance = 1024 * 1024

/**
 * Reads an attestation that goes with a version; the registry compares its subject with the tarball.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`; `USAGE` for anything but a JSON object; `SECRET_IN_PACKAGE`.
 */
export async function readProvenance(cwd: string, file: string): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = (await readBounded(path.resolve(cwd, file), largestProvenance)).toString('utf8')
  } catch (error) {
    const reason = error instanceof UnusableFile ? error.message : reasonOf(error)
    throw failure('FILE_UNREADABLE', {path: file, reason}, {cause: error})
  }
  const secrets = secretsIn(text).map(({line, what}) => `${file}, line ${line}: ${what}`)
  if (secrets.length > 0) throw failure('SECRET_IN_PACKAGE', {secrets})
  const statement = parseObject(text)
  if (!statement) throw failure('USAGE', {message: `--provenance: ${file} is no JSON object`})
  return statement
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
