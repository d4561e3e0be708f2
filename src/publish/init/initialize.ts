import {lstat} from 'node:fs/promises'
import path from 'node:path'

import type {Ports} from '@apkg/command-kit'
import {manifestFile, type Author} from '@apkg/package-format'

import {failure} from '../failures.js'
import {replaceFile} from '../../files/replace-file.js'
import {readUnlessAbsent} from '../../files/unless-absent.js'
import {gatherAnswers, type Answers, type InitFlags} from './answers.js'
import {placeholderScope, proposalsFor, type Proposals} from './proposals.js'

/** The manifest that was written. */
export interface Initialized {
  /** Absolute path of the new `apkg.json`. */
  path: string
  manifest: NewManifest
  /** The content of the file. */
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
 * Writes a new manifest to the current folder.
 *
 * @throws {ApkgError} `FILE_EXISTS` unless `force` is set; the errors of `gatherAnswers` and `replaceFile`.
 */
export async function initialize(
  {force, ...flags}: InitFlags & {force: boolean},
  ports: Pick<Ports, 'cwd' | 'env' | 'home' | 'prompts' | 'stdin' | 'stderr'>,
): Promise<Initialized> {
  const file = path.join(ports.cwd, manifestFile)
  if (!force && (await readUnlessAbsent(file, lstat(file)))) {
    throw failure('FILE_EXISTS', {file: manifestFile, overwrite: 'apkg init --force'})
  }
  const proposals = await proposalsFor(ports.cwd, ports)
  const manifest = manifestOf(await gatherAnswers(flags, proposals, ports), proposals)
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  await replaceFile(file, text, {link: 'replace'})
  const needsScope = manifest.type !== 'project' && manifest.name.startsWith(`${placeholderScope}/`)
  return {path: file, manifest, text, needsScope}
}

/** With the fields of the original client, in its order. */
function manifestOf(answers: Answers, {readme, authors, repository}: Proposals): NewManifest {
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
