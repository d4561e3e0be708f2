import type {RegistryClient} from '@apkg/command-kit'
import {textOf} from '@apkg/package-format/conversion'

import type {PackageInfo} from '../catalog/packument/package-info.js'
import {readPublished} from './read-published.js'
import {setUpPackageOf} from './set-up-package.js'

/** The file that defines a skill, an agent, a command or a rule. */
export interface DefinitionText {
  /** Path within the package. */
  path: string
  text: string
  /** How many definitions the package has. */
  count: number
}

/** What there is to read about a package. */
export interface ReadmeOrDefinition {
  /** With `--readme`: the readme of the version tagged `latest`; empty if there is none. */
  readme: string
  /** With `--readme`, if there is no readme: the file that defines the package, or the first one; null if none does. */
  definition?: DefinitionText | null
}

/**
 * Finds what there is to read about the version that a package's information is about.
 *
 * @throws {ApkgError} the errors of `readPublished`, if there is no readme.
 */
export async function readmeOrDefinition(
  {readme, ...info}: Pick<PackageInfo, 'name' | 'version'> & {readme: string},
  client: RegistryClient,
  cacheFolder: string,
): Promise<ReadmeOrDefinition> {
  return readme === '' ? {readme, definition: await firstDefinition(info, client, cacheFolder)} : {readme}
}

async function firstDefinition(
  info: Pick<PackageInfo, 'name' | 'version'>,
  client: RegistryClient,
  cacheFolder: string,
): Promise<DefinitionText | null> {
  const read = await readPublished(info, client, cacheFolder)
  const setUp = read && setUpPackageOf(read, read.files)
  if (!setUp || !('definitions' in setUp)) return null
  const [{file}] = setUp.definitions as [(typeof setUp.definitions)[number]]
  return {path: file.path, text: textOf(file), count: setUp.definitions.length}
}
