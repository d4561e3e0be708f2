import {randomBytes} from 'node:crypto'
import {rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

import {printable, type RegistryClient} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'
import {ArchiveProblem, readArchive, type ByteSource} from '@apkg/package-format/archive'
import type {PackageFile} from '@apkg/package-format/conversion'

import type {PackageInfo} from '../catalog/packument/package-info.js'
import {failure} from '../project/failures.js'
import {TarballSource} from '../project/installation/tarball-source.js'

/** A published version with its files. */
export interface PublishedFiles {
  name: string
  version: string
  /** Sorted by path. */
  files: PackageFile[]
}

/**
 * Reads the version that a package's information is about from the cache, or downloads it into it.
 *
 * @returns undefined if there is none, or if the registry reports no integrity for it.
 * @throws {ApkgError} `ARCHIVE_REFUSED`; the errors of `TarballSource.use`.
 */
export async function readPublished(
  {name, version: info}: Pick<PackageInfo, 'name' | 'version'>,
  client: RegistryClient,
  cacheFolder: string,
): Promise<PublishedFiles | undefined> {
  const integrity = info?.integrity ?? null
  if (!info || integrity === null) return undefined
  const {registry} = client
  const version = {name, version: info.version}
  const scratch = path.join(tmpdir(), `apkg-info-${randomBytes(8).toString('hex')}`)
  const tarballs = new TarballSource({client: () => Promise.resolve(client)}, cacheFolder, scratch)
  try {
    return {...version, files: await tarballs.use({registry, ...version, integrity}, readFiles)}
  } catch (error) {
    if (!(error instanceof ArchiveProblem)) throw error
    throw failure('ARCHIVE_REFUSED', {...version, registry, reason: printable(error.message)}, {cause: error})
  } finally {
    await rm(scratch, {recursive: true, force: true})
  }
}

async function readFiles(source: ByteSource): Promise<PackageFile[]> {
  const files: PackageFile[] = []
  await readArchive(source, defaultLimits, async ({path: file, isExecutable, content}) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(chunk)
    files.push({path: file, isExecutable, content: Buffer.concat(chunks)})
  })
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
