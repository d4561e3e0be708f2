import {randomBytes} from 'node:crypto'
import {rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

import {printable, type RegistryClient} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'
import {ArchiveProblem, readArchive, type ByteSource} from '@apkg/package-format/archive'
import {convertPackage, packageTraits, toolFormats, type PackageFile, type Trait} from '@apkg/package-format/conversion'

import type {PackageInfo} from '../catalog/packument/package-info.js'
import {failure} from '../project/failures.js'
import {TarballSource} from '../project/installation/tarball-source.js'
import {isMadeFor} from './plan-setup.js'
import {setUpPackageOf} from './set-up-package.js'
import type {SetUpPackage} from './tool.js'
import {unreadReason} from './unread-reason.js'

/** A file of a published version. */
export interface ContentFile {
  /** Path within the package. */
  path: string
  /** In bytes. */
  size: number
  executable: boolean
}

/** The files of a published version, and what they let tools do. */
export interface PackageContent {
  /** Sorted by path. */
  files: ContentFile[]
  /** What tools can do because of the package, what limits it, and what it mentions. Empty if no tool can load it. */
  traits: Trait[]
  /** Why no tool can load the package, a clause; null if tools can. */
  unread: string | null
}

/**
 * Reads the version that a package's information is about from the cache, or downloads it into it.
 *
 * @returns null if there is none, or if the registry reports no integrity for it.
 * @throws {ApkgError} `ARCHIVE_REFUSED`; the errors of `TarballSource.use`.
 */
export async function packageContent(
  info: Pick<PackageInfo, 'name' | 'version'>,
  client: RegistryClient,
  cacheFolder: string,
): Promise<PackageContent | null> {
  const integrity = info.version?.integrity ?? null
  if (!info.version || integrity === null) return null
  return contentOf({name: info.name, version: info.version.version, integrity}, client, cacheFolder)
}

async function contentOf(
  version: {name: string; version: string; integrity: string},
  client: RegistryClient,
  cacheFolder: string,
): Promise<PackageContent> {
  const {registry} = client
  const scratch = path.join(tmpdir(), `apkg-info-${randomBytes(8).toString('hex')}`)
  const tarballs = new TarballSource({client: () => Promise.resolve(client)}, cacheFolder, scratch)
  try {
    const read = await tarballs.use({registry, ...version}, readFiles)
    const files = read.map(({path: file, content, isExecutable}) => ({
      path: file,
      size: content.length,
      executable: isExecutable,
    }))
    return {files, ...traitsOf(version, read)}
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

function traitsOf(
  version: {name: string; version: string},
  files: readonly PackageFile[],
): Pick<PackageContent, 'traits' | 'unread'> {
  const setUp = setUpPackageOf(version, files)
  if ('reason' in setUp) return {traits: [], unread: setUp.reason}
  if ('unreadType' in setUp) return {traits: [], unread: unreadReason(setUp.unreadType)}
  return {traits: [...grantsOf(setUp), ...packageTraits(setUp)], unread: null}
}

/** What the package lets tools do without asking, of all tools that it is made for. */
function grantsOf(setUp: SetUpPackage): Trait[] {
  const tools = toolFormats.filter((tool) => isMadeFor(setUp, tool))
  return convertPackage(setUp, tools).flatMap(({files}, index) =>
    files.flatMap(({definition, path: file, grants = []}) =>
      grants.map((value): Trait => ({
        kind: 'grant',
        tool: tools[index]?.name ?? null,
        path: definition ?? file,
        line: null,
        value,
      })),
    ),
  )
}
