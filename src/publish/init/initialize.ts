import {lstat} from 'node:fs/promises'
import path from 'node:path'

import {printable, type Ports} from '@apkg/command-kit'
import {manifestFile, type Author} from '@apkg/package-format'
import {isSetUpType, placeholderScope} from '@apkg/package-format/conversion'

import {failure} from '../failures.js'
import {replaceFile} from '../../files/replace-file.js'
import {readUnlessAbsent} from '../../files/unless-absent.js'
import {gatherAnswers, type Answers, type InitFlags} from './answers.js'
import {proposalsFor, type Proposals} from './proposals.js'
import {scaffold} from './scaffold.js'

/** The manifest that was written. */
export interface Initialized {
  /** Absolute path of the new `apkg.json`. */
  path: string
  manifest: NewManifest
  /** Paths of the files that were created, relative to the directory, with forward slashes. */
  created: string[]
  /** The content of the manifest. */
  text: string
  /** Whether it is a package with a placeholder as its scope. */
  needsScope: boolean
}

/** The content of the new `apkg.json`. */
export interface NewManifest {
  name: string
  version: string
  /** The package type, such as `project` or `skill`. */
  type: string
  description: string
  /** The SPDX identifier. */
  license: string
  /** File name of the README. Absent if there is none. */
  readme?: string
  keywords?: string[]
  /** Authors of the package. */
  authors?: Author[]
  repository?: string
  /** The tool that the package was made for. Absent unless --origin or --target was given. */
  origin?: string
  /** The only tools that the package is for. Absent if it is for all. */
  targets?: string[]
  visibility: 'public'
}

/**
 * Writes a new manifest, and a first definition for a package that tools read, if it has none.
 *
 * @param from the directory of an existing definition, which decides name, type and description. The current directory by default.
 * @throws {ApkgError} `FILE_EXISTS` unless `force` is set; `INIT_NOTHING_FOUND`; the errors of `gatherAnswers` and
 *   `replaceFile`.
 */
export async function initialize(
  {force, from, ...flags}: InitFlags & {force: boolean; from?: string | undefined},
  ports: Pick<Ports, 'cwd' | 'env' | 'home' | 'prompts' | 'stdin' | 'stderr'>,
): Promise<Initialized> {
  const folder = path.resolve(ports.cwd, from ?? '.')
  const file = path.join(folder, manifestFile)
  if (!force && (await readUnlessAbsent(file, lstat(file)))) {
    throw failure('FILE_EXISTS', {file: manifestFile, overwrite: 'apkg init --force'})
  }
  const proposals = await proposalsFor(folder, ports)
  if (from !== undefined && !proposals.found) throw failure('INIT_NOTHING_FOUND', {folder: printable(folder)})
  const inferred = from === undefined ? flags : {...flags, yes: true}
  const manifest = manifestOf(await gatherAnswers(inferred, proposals, ports), proposals)
  const text = formatManifest(manifest)
  await replaceFile(file, text, {link: 'replace'})
  const {type, name, description} = manifest
  const isMissing = isSetUpType(type) && !proposals.found
  const created = isMissing ? [await scaffold(folder, {type, name, description})] : []
  const needsScope = type !== 'project' && name.startsWith(`${placeholderScope}/`)
  return {path: file, manifest, text, created: [manifestFile, ...created], needsScope}
}

export function formatManifest(manifest: NewManifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

/** With the fields of the original client, in its order. */
export function manifestOf(answers: Answers, {readme, authors, repository}: Proposals): NewManifest {
  const {name, version, type, description, license, keywords, targets, origin} = answers
  return {
    ...{name, version, type, description, license},
    ...(readme !== undefined && {readme}),
    ...(keywords.length > 0 && {keywords}),
    ...(authors.length > 0 && {authors}),
    ...(repository !== undefined && {repository}),
    ...(origin !== undefined && {origin}),
    ...(targets.length > 0 && {targets}),
    visibility: 'public',
  }
}
