import {createHash} from 'node:crypto'
import path from 'node:path'

import {defaultLimits, manifestFile, ManifestProblem, parseManifest} from '@apkg/package-format'

import type {InstalledPackage} from '../project/installation/ledger.js'
import {readBounded} from '../files/read-bounded.js'
import {UnusableFile} from '../files/unusable-file.js'
import {flatName} from './flat-name.js'
import {parseMarkdown} from './markdown.js'
import {setUpTypes, type Definition, type PackageFile, type SetUpPackage, type SetUpType} from './tool.js'

/** Markdown files that are not definitions, unless they have frontmatter. */
const notDefinitions = /^(readme|changelog|licen[cs]e)\.md$/i

/**
 * Reads an installed package for tools: exactly the files that were unpacked.
 *
 * @param folder the package's directory, absolute.
 * @param installed as recorded in the ledger: its name is the resolved one, not the one in the package's own manifest.
 * @returns `setUp` is undefined for a package type that tools do not read. `problem`: why it was not read.
 */
export async function readSetUpPackage(
  folder: string,
  {name, version, files}: InstalledPackage,
): Promise<{setUp: SetUpPackage | undefined; problem?: undefined} | {setUp?: undefined; problem: string}> {
  const read: PackageFile[] = []
  for (const {path: file, sha256, isExecutable} of files) {
    const content = await readUnchanged(path.join(folder, ...file.split('/')), sha256)
    if (!content) return {problem: `${file} was modified`}
    read.push({path: file, content, isExecutable})
  }
  const manifest = manifestIn(read)
  if (!manifest || !isSetUpType(manifest.type)) return {setUp: undefined}
  const {type, description} = manifest
  const definitions = definitionsIn(read)
  return {setUp: {name, version, type, description, flatName: flatName(name), files: read, definitions}}
}

async function readUnchanged(file: string, sha256: string): Promise<Buffer | undefined> {
  try {
    const content = await readBounded(file, defaultLimits.unpacked)
    return createHash('sha256').update(content).digest('hex') === sha256 ? content : undefined
  } catch (error) {
    if (error instanceof UnusableFile || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}

function manifestIn(files: readonly PackageFile[]): {type: string; description: string} | undefined {
  const file = files.find((each) => each.path === manifestFile)
  try {
    return file && parseManifest(textOf(file)).manifest
  } catch (error) {
    if (error instanceof ManifestProblem) return undefined
    throw error
  }
}

function isSetUpType(type: string): type is SetUpType {
  return (setUpTypes as readonly string[]).includes(type)
}

/** The Markdown files in the root directory, SKILL.md first. */
function definitionsIn(files: readonly PackageFile[]): Definition[] {
  return files
    .filter((file) => /^[^/]+\.md$/i.test(file.path))
    .map((file) => ({stem: file.path.slice(0, -'.md'.length), file, markdown: parseMarkdown(textOf(file))}))
    .filter(({file, markdown}) => markdown.frontmatter !== undefined || !notDefinitions.test(file.path))
    .sort((a, b) => Number(isSkill(b)) - Number(isSkill(a)) || (a.stem < b.stem ? -1 : 1))
}

function isSkill({stem}: Definition): boolean {
  return stem.toUpperCase() === 'SKILL'
}

function textOf({content}: PackageFile): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8')
}
