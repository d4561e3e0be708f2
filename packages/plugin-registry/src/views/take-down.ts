import {printable} from '@apkg/command-kit'

import type {TakeDownSummary} from '../operator/take-down.js'

/** What happened to a version and to the dist-tags that named it. */
export function takeDownNote({package: name, version, reason, wasDown, tags}: TakeDownSummary): string {
  if (wasDown) return `${name}@${version} was taken down before: ${printable(reason)}`
  return [
    `Took ${name}@${version} down. Its bytes go when garbage is next collected, unless another version has them`,
    ...tags.moved.map(({tag, version: next}) => `The dist-tag ${tag} is ${next} now`),
    ...tags.removed.map((tag) => `The dist-tag ${tag} is gone`),
  ].join('\n')
}
