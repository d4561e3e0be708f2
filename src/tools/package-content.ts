import type {RegistryClient} from '@apkg/command-kit'
import {convertPackage, packageTraits, toolFormats, type PackageFile, type Trait} from '@apkg/package-format/conversion'

import type {PackageInfo} from '../catalog/packument/package-info.js'
import {isMadeFor} from './plan-setup.js'
import {readPublished} from './read-published.js'
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
 * The content of the version that a package's information is about.
 *
 * @returns null if there is none, or if the registry reports no integrity for it.
 * @throws {ApkgError} the errors of `readPublished`.
 */
export async function packageContent(
  info: Pick<PackageInfo, 'name' | 'version'>,
  client: RegistryClient,
  cacheFolder: string,
): Promise<PackageContent | null> {
  const read = await readPublished(info, client, cacheFolder)
  if (!read) return null
  const files = read.files.map(({path, content, isExecutable}) => ({
    path,
    size: content.length,
    executable: isExecutable,
  }))
  return {files, ...traitsOf(read, read.files)}
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
