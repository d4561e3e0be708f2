import {printable, shownUrl} from '@apkg/command-kit'
import {packageNameProblem} from '@apkg/package-format'

import {failure} from './failures.js'
import {newestVersion, type PackageChoices, type VersionChoice} from './package-choices.js'
import {parseRange} from './range.js'

/** A package as named on the command line. */
export interface Spec {
  name: string
  /** The part after the `@`: a range or a tag. */
  wanted: string | undefined
}

/** What a spec asks for, as ranges. */
export interface Requirement {
  /** The versions to install from. */
  range: string
  /** The range to write to the manifest. */
  saved: string
}

/**
 * Parses `@acme/tool`, `@acme/tool@^1`, `@acme/tool@next`, and the same without a scope.
 *
 * @throws {ApkgError} `SPEC_INVALID`.
 */
export function parseSpec(text: string): Spec {
  const {name, wanted} = splitSpec(text)
  assertPackageName(name, text)
  // Probably an unset variable in a script, so this must not install the newest version.
  if (wanted === '') throw failure('SPEC_INVALID', {spec: printable(text), reason: 'nothing follows the last `@`'})
  return {name, wanted}
}

/** Splits a spec without checking its name, for commands that report a missing credential first. */
export function splitSpec(text: string): Spec {
  const at = text.indexOf('@', 1)
  return at === -1 ? {name: text, wanted: undefined} : {name: text.slice(0, at), wanted: text.slice(at + 1).trim()}
}

/** @param spec the complete argument, for the error. @throws {ApkgError} `SPEC_INVALID`. */
export function assertPackageName(name: string, spec = name): void {
  const problem = packageNameProblem(name)
  if (problem !== undefined) throw failure('SPEC_INVALID', {spec: shownSpec(spec), reason: `the name ${problem}`})
}

/** People also pass URLs, which can contain secrets. */
function shownSpec(text: string): string {
  return /:\/\/|^[^@/:]+:[^@]*@/.test(text) ? shownUrl(text) : printable(text)
}

/**
 * Resolves a spec to ranges. A range or version is saved as given. A tag, or no tag at all, resolves to one version and
 * is saved as a caret range on it.
 *
 * @throws {ApkgError} `TAG_NOT_FOUND`, `VERSION_NOT_FOUND`.
 */
export function requirementOf(wanted: string | undefined, choices: PackageChoices): Requirement {
  if (wanted !== undefined && parseRange(wanted)) return {range: wanted, saved: wanted}
  const {version} = wanted === undefined ? newestOf(choices) : taggedVersion(wanted, choices)
  return {range: version, saved: `^${version}`}
}

function newestOf(choices: PackageChoices): VersionChoice {
  const newest = newestVersion(choices)
  if (!newest) throw failure('VERSION_NOT_FOUND', {name: choices.name, reason: 'it has no installable versions'})
  return newest
}

function taggedVersion(tag: string, {name, distTags, versions}: PackageChoices): VersionChoice {
  const version = Object.hasOwn(distTags, tag) ? distTags[tag] : undefined
  const tagged = versions.find((each) => each.version === version && !each.yanked)
  if (!tagged) throw failure('TAG_NOT_FOUND', {name, tag: printable(tag)})
  return tagged
}
