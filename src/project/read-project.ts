import {isUtf8} from 'node:buffer'
import path from 'node:path'

import {isAbsent, printable, errorReason} from '@apkg/command-kit'
import {defaultLimits, manifestFile, ManifestProblem, parseManifest, type Manifest} from '@apkg/package-format'

import {failure} from './failures.js'
import {readBounded} from '../files/read-bounded.js'
import {UnusableFile} from '../files/unusable-file.js'
import {whyNotJson} from '../files/why-not-json.js'

/** A directory with an `apkg.json`. */
export interface Project {
  /** Absolute. */
  folder: string
  manifest: Manifest
  /** The text of the manifest. */
  text: string
  /** Warnings about the manifest, one printable sentence each. */
  warnings: string[]
  /** Whether the manifest is not written yet. */
  isNew?: boolean
}

/**
 * Reads the manifest of a project. It need not be complete enough to be published.
 *
 * @throws {ApkgError} `MANIFEST_NOT_FOUND`, `MANIFEST_INVALID`, `FILE_UNREADABLE`.
 */
export async function readProject(folder: string): Promise<Project> {
  const file = path.join(folder, manifestFile)
  return projectOf(folder, await readText(file, folder))
}

/**
 * The project of a manifest.
 *
 * @param text of the manifest
 * @throws {ApkgError} `MANIFEST_INVALID`.
 */
export function projectOf(folder: string, text: string): Project {
  const file = path.join(folder, manifestFile)
  try {
    const {manifest, warnings} = parseManifest(text)
    return {folder, manifest, text, warnings: warnings.map(printable)}
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    const reason = error.cause instanceof SyntaxError ? whyNotJson(text, error.cause) : error.message
    throw failure('MANIFEST_INVALID', {path: file, reason: printable(reason)}, {cause: error})
  }
}

async function readText(file: string, folder: string): Promise<string> {
  const invalid = (reason: string) => failure('MANIFEST_INVALID', {path: file, reason})
  let bytes: Buffer
  try {
    bytes = await readBounded(file, defaultLimits.manifest)
  } catch (error) {
    if (isAbsent(error)) throw failure('MANIFEST_NOT_FOUND', {folder})
    if (error instanceof UnusableFile) throw invalid(error.message)
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
  // Other bytes would be lost when the manifest is rewritten.
  if (!isUtf8(bytes)) throw invalid('it is not UTF-8')
  return bytes.toString('utf8')
}
