import {printable} from '@apkg/command-kit'
import {packageNameProblem} from '@apkg/package-format'

import {failure} from './failures.js'
import {newestVersion, type PackageChoices, type VersionChoice} from './package-choices.js'
import {parseRange} from './range.js'

/** A package as it is named on a command line. */
export interface Spec {
  name: string
  /** What stands after the `@`: a range or a tag. */
  wanted: string | undefined
}

/** What a spec asks for, as ranges. */
export interface Wish {
  /** What may be installed now. */
  range: string
  /** What the manifest shall say. */
  saved: string
}

/**
 * Reads `@acme/tool`, `@acme/tool@^1`, `@acme/tool@next`.
 *
 * @throws {ApkgError} `SPEC_INVALID`.
 */
export function parseSpec(text: string): Spec {
  const at = text.indexOf('@', 1)
  const name = at === -1 ? text : text.slice(0, at)
  const wanted = at === -1 ? undefined : text.slice(at + 1).trim()
  const problem = packageNameProblem(name)
  if (problem !== undefined) throw failure('SPEC_INVALID', {spec: printable(text), reason: `the name ${problem}`})
  // A blank one is an unset variable in a script, and must not become whatever is newest.
  if (wanted === '') throw failure('SPEC_INVALID', {spec: printable(text), reason: 'nothing stands after the last `@`'})
  return {name, wanted}
}

/**
 * What a spec asks for. A range, a version included, stands for itself, in the manifest too. A tag stands for its
 * version, and nothing for the newest one; the manifest then allows what is compatible with that.
 *
 * @throws {ApkgError} `TAG_NOT_FOUND`, `VERSION_NOT_FOUND`.
 */
export function wishOf(wanted: string | undefined, choices: PackageChoices): Wish {
  if (wanted !== undefined && parseRange(wanted)) return {range: wanted, saved: wanted}
  const {version} = wanted === undefined ? newestOf(choices) : taggedVersion(wanted, choices)
  return {range: version, saved: `^${version}`}
}

function newestOf(choices: PackageChoices): VersionChoice {
  const newest = newestVersion(choices)
  if (!newest) throw failure('VERSION_NOT_FOUND', {name: choices.name, reason: 'none is published'})
  return newest
}

function taggedVersion(tag: string, {name, distTags, versions}: PackageChoices): VersionChoice {
  const version = Object.hasOwn(distTags, tag) ? distTags[tag] : undefined
  const tagged = versions.find((each) => each.version === version && !each.yanked)
  if (!tagged) throw failure('TAG_NOT_FOUND', {name, tag: printable(tag)})
  return tagged
}
