import path from 'node:path'

import {defaultLimits} from '@apkg/package-format'
import {setUpPackageOf, type PackageFile, type ReadPackage} from '@apkg/package-format/conversion'

import type {LedgerPackage} from '../project/installation/ledger.js'
import {readBounded} from '../files/read-bounded.js'
import {sha256Of} from '../files/sha256.js'
import {UnusableFile} from '../files/unusable-file.js'

export {setUpPackageOf} from '@apkg/package-format/conversion'
export type {ReadPackage, UndefinedPackage, UnreadPackage} from '@apkg/package-format/conversion'

/**
 * Reads an installed package for tools: exactly the files that were unpacked, except those that configure a tool.
 *
 * @param folder the package's directory, absolute.
 * @param installed as recorded in the ledger: its name is the resolved one, not the one in the package's own manifest.
 * @returns `problem`: why it was not read.
 */
export async function readSetUpPackage(
  folder: string,
  {name, version, files}: LedgerPackage,
): Promise<{setUp: ReadPackage; problem?: undefined} | {setUp?: undefined; problem: string}> {
  const read: PackageFile[] = []
  for (const {path: file, sha256, isExecutable} of files) {
    const content = await readUnchanged(path.join(folder, ...file.split('/')), sha256)
    if (!content) return {problem: `${file} was modified`}
    read.push({path: file, content, isExecutable})
  }
  return {setUp: setUpPackageOf({name, version}, read)}
}

async function readUnchanged(file: string, sha256: string): Promise<Buffer | undefined> {
  try {
    const content = await readBounded(file, defaultLimits.unpacked)
    return sha256Of(content) === sha256 ? content : undefined
  } catch (error) {
    if (error instanceof UnusableFile || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}
