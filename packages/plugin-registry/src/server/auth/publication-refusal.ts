import type {Right} from '@apkg/wire'

import {packageRefusal, type PackageSubject} from '../packages/package-refusals.js'
import {Refusal} from '../http/refusal.js'
import {releaseOf} from '../store/package-rights.js'
import type {Credential, Publication, ReleaseField} from '../store/store.js'
import {describeCredential, missingRight} from './missing-right.js'
import {releaseResponse} from './release-response.js'

const doing: Partial<Record<Right, string>> = {
  'publish:new': 'creating a package',
  'publish:update': 'publishing further versions',
  tag: 'setting dist-tags',
}

/** The refusal of a version that can't be published. */
export function publicationRefusal(
  problem: Exclude<Publication, {publishedAt: number} | {outcome: 'blob-deleting'}>,
  credential: Credential,
  subject: PackageSubject,
): Refusal {
  if (problem.outcome === 'other-release') return otherRelease(problem.field, credential)
  if (problem.outcome === 'right-missing') return missingRight(credential, [problem.right], doing[problem.right])
  return packageRefusal(problem.outcome, {...subject, ...problem})
}

function otherRelease(field: ReleaseField, credential: Credential): Refusal {
  const {version, integrity, tag} = releaseResponse(releaseOf(credential)) ?? {}
  const limits: Record<ReleaseField, string> = {
    version: `the version must be ${version}`,
    integrity: `the integrity of the tarball must be ${integrity}`,
    tag: `the dist-tag must be ${tag}`,
    provenance: 'a provenance statement is not allowed',
  }
  const message = `${describeCredential(credential)} does not allow publishing this: ${limits[field]}`
  return new Refusal('SCOPE_INSUFFICIENT', {message, details: [{field, message: 'is not that of the release'}]})
}
