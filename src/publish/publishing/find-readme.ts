import path from 'node:path'

import {printable} from '@apkg/command-kit'
import {maxReadmeSize} from '@apkg/package-format'

import {failure} from '../failures.js'
import type {PackedProject} from '../packing/pack-project.js'

/**
 * The text of the readme: the file that the manifest names, else `README.md`; undefined if there is none. It is read from
 * the package, so it can't be a file from outside.
 *
 * @throws {ApkgError} `README_UNUSABLE`.
 */
export function findReadme({files, contentOf}: PackedProject, named: string | undefined): string | undefined {
  const file = named === undefined ? files.find((each) => /^readme\.md$/i.test(each.path))?.path : inPackage(named)
  if (file === undefined) return undefined
  const content = contentOf(file)
  const unusable = (reason: string) => failure('README_UNUSABLE', {file: printable(named ?? file), reason})
  if (!content) throw unusable('is not in the package')
  if (content.length > maxReadmeSize) {
    throw unusable(`is ${content.length} bytes; registry limit is ${maxReadmeSize} bytes`)
  }
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(content)
  } catch {
    throw unusable('is not UTF-8')
  }
}

/** Turns `./docs/a.md` into `docs/a.md`, as in the archive. */
function inPackage(named: string): string {
  return path.posix.normalize(named)
}
