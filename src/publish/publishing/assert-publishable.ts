import {printable} from '@apkg/command-kit'
import {distTagProblem, isPrerelease, packageTypes, publishProblems} from '@apkg/package-format'

import {failure} from '../failures.js'
import type {Project} from '../../project/read-project.js'

/**
 * Checks what can be checked before anything is packed.
 *
 * @param tag the dist-tag that was asked for; undefined for `latest`.
 * @throws {ApkgError} `PROJECT_UNPUBLISHABLE`; `MANIFEST_UNPUBLISHABLE` with all that is wrong; `DIST_TAG_REQUIRED` for a
 *   prerelease; `USAGE` for what is no dist-tag.
 */
export function checkPublishable({manifest}: Project, tag: string | undefined): void {
  const {type, version} = manifest
  if (type === 'project') {
    throw failure('PROJECT_UNPUBLISHABLE', {types: packageTypes.filter((each) => each !== 'project')})
  }
  const problems = publishProblems(manifest).map(({field, message}) => `\`${field}\` ${printable(message)}`)
  if (problems.length > 0) throw failure('MANIFEST_UNPUBLISHABLE', {problems})
  if (tag === undefined && isPrerelease(version)) throw failure('DIST_TAG_REQUIRED', {version})
  const reason = tag === undefined ? undefined : distTagProblem(tag)
  if (reason !== undefined) throw failure('USAGE', {message: `--tag: a dist-tag ${reason}`})
}
