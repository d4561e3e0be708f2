import path from 'node:path'

import {errorReason} from '@apkg/command-kit'
import {isJsonObject} from '@apkg/wire'

import {failure} from '../failures.js'
import {findSecrets} from '../packing/find-secrets.js'
import {readBounded} from '../../files/read-bounded.js'
import {UnusableFile} from '../../files/unusable-file.js'

/** Bytes. No registry accepts more. */
const maxProvenanceSize = 1024 * 1024

/**
 * Reads the provenance statement to publish with a version. The registry compares its subject with the tarball.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`; `USAGE` if it isn't a JSON object; `SECRET_IN_PACKAGE`.
 */
export async function readProvenance(cwd: string, file: string): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = (await readBounded(path.resolve(cwd, file), maxProvenanceSize)).toString('utf8')
  } catch (error) {
    const reason = error instanceof UnusableFile ? error.message : errorReason(error)
    throw failure('FILE_UNREADABLE', {path: file, reason}, {cause: error})
  }
  const secrets = (await findSecrets(file, text)).map(({line, kind}) => `${file}, line ${line}: ${kind}`)
  if (secrets.length > 0) throw failure('SECRET_IN_PACKAGE', {secrets})
  const statement = parseObject(text)
  if (!statement) {
    const suggestions = ['pass a file with an in-toto statement to --provenance']
    throw failure('USAGE', {message: `${file} is not a JSON object`, suggestions})
  }
  return statement
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
