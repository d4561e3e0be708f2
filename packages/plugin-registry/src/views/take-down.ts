import {printable} from '@apkg/command-kit'

import type {TakeDownSummary} from '../operator/take-down.js'

export function takeDownQuestion({name, version, reason}: {name: string; version: string; reason: string}): string {
  return `Take down ${name}@${version} for everyone, with the reason "${printable(reason)}"? This cannot be undone, and the version number can never be published again`
}

/** The result of taking down a version, including its dist-tags. */
export function takeDownNote({
  package: name,
  version,
  reason,
  wasDown,
  sameVersions = [],
  tags,
}: TakeDownSummary): string {
  if (wasDown) return `${name}@${version} was already taken down: ${printable(reason)}`
  return [
    `Took down ${name}@${version}. The next garbage collection deletes its tarball, unless another version uses it`,
    ...sameVersions.map((same) => `Took down ${name}@${same}, which differs only in build metadata`),
    ...tags.moved.map(({tag, version: next}) => `The dist-tag "${tag}" now points to ${next}`),
    ...tags.removed.map((tag) => `The dist-tag "${tag}" was removed`),
  ].join('\n')
}
