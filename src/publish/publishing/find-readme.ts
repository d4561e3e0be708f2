import {printable} from '@apkg/command-kit'
import {maxReadmeSize, readmeFile} from '@apkg/package-format'

import {failure} from '../failures.js'
import type {PackedProject} from '../packing/pack-project.js'

/**
 * The text of the readme: the file that the manifest names, else `README.md`; undefined if there is none. It is read from
 * the package, so it can't be a file from outside.
 *
 * @throws {ApkgError} `README_UNUSABLE`.
 */
export function findReadme({files, contentOf}: PackedProject, named: string | undefined): string | undefined {
  const paths = files.map((each) => each.path)
  const file = readmeFile(paths, named)
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
