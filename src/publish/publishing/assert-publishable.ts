import {printable} from '@apkg/command-kit'
import {distTagProblem, isPrerelease, packageTypes} from '@apkg/package-format'

import {failure} from '../failures.js'
import {manifestProblems} from '../manifest-problems.js'
import type {Project} from '../../project/read-project.js'

/**
 * Asserts everything that can be checked before packing.
 *
 * @param tag the requested dist-tag; undefined for `latest`.
 * @throws {ApkgError} `PROJECT_UNPUBLISHABLE`; `MANIFEST_UNPUBLISHABLE` with all problems; `DIST_TAG_REQUIRED` for a
 *   prerelease; `USAGE` for an invalid dist-tag.
 */
export async function assertPublishable({manifest}: Project, tag: string | undefined): Promise<void> {
  const {type, version} = manifest
  if (type === 'project') {
    throw failure('PROJECT_UNPUBLISHABLE', {types: packageTypes.filter((each) => each !== 'project')})
  }
  const problems = await manifestProblems(manifest)
  if (problems.length > 0) throw failure('MANIFEST_UNPUBLISHABLE', {problems})
  if (tag === undefined && isPrerelease(version)) throw failure('DIST_TAG_REQUIRED', {version})
  const reason = tag === undefined ? undefined : distTagProblem(tag)
  if (reason !== undefined) {
    const suggestions = ['pass a name such as `next` to --tag']
    throw failure('USAGE', {message: `The dist-tag "${printable(tag ?? '')}" ${reason}`, suggestions})
  }
}
