import path from 'node:path'

import {printable} from '@apkg/command-kit'
import {maxReadmeSize} from '@apkg/package-format'

import {failure} from '../failures.js'
import type {PackedProject} from '../packing/pack-project.js'

/**
 * The text of the readme: of the file that the manifest names, else of `README.md`; undefined where there is none. It is
 * read from the package, so that it cannot be a file from elsewhere.
 *
 * @throws {ApkgError} `README_UNUSABLE`.
 */
export function readmeOf({files, contentOf}: PackedProject, named: string | undefined): string | undefined {
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

/** `./docs/a.md` as the archive spells it, `docs/a.md`. */
function inPackage(named: string): string {
  return path.posix.normalize(named)
}
