import {printable, type ApkgError} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {Explanation, RequirementPath} from './explain.js'
import {newestVersion, type PackageChoices} from '../../catalog/package-choices.js'
import {failure as catalogFailure} from '../../catalog/failures.js'
import {parseRange} from '../../catalog/range.js'

/** The packages that were looked up, by name. */
export interface LoadedPackages {
  loaded: ReadonlyMap<string, PackageChoices>
  missing: ReadonlyMap<string, ApkgError>
  /** Names whose range was given on the command line and not in apkg.json. */
  requested: ReadonlySet<string>
  /** The version that was wanted, if the registry took it down. */
  takenDown: {version: string; reason: string} | undefined
}

/** The failure that explains to the user why dependencies cannot be resolved. */
export function resolutionFailure(
  {name, requirements, alternatives}: Explanation,
  {loaded, missing, requested, takenDown}: LoadedPackages,
): ApkgError {
  const [first] = requirements
  if (!first || requirements.length > 1) {
    const roots = [...new Set(requirements.map(({path}) => path[0]?.name ?? name))]
    return failure('DEPENDENCY_CONFLICT', {
      name,
      requirements: requirements.map((each) => sentence(name, each, requested)),
      alternatives,
      ranges: roots.filter((each) => !requested.has(each)),
      requested: roots.filter((each) => requested.has(each)),
    })
  }
  const notFound = missing.get(name)
  if (!notFound) {
    const choices = loaded.get(name)
    const why = takenDown
      ? `${takenDown.version} was taken down: ${takenDown.reason}`
      : availability(first.range, choices)
    const isInManifest = first.path.length === 0 && !requested.has(name)
    return catalogFailure('VERSION_NOT_FOUND', {
      name,
      reason: `${sentence(name, first, requested)}, but ${why}`,
      ways: isInManifest ? [wayOut(name, choices)] : [],
    })
  }
  if (first.path.length === 0) return notFound
  const requirement = sentence(name, first, requested)
  return failure('DEPENDENCY_NOT_FOUND', {name, requirement, hints: notFound.suggestions}, {cause: notFound})
}

/** The middle of a longer path is left out. */
const maxSteps = 5

/** `@acme/a 1.0.0 (apkg.json: ^1) requires @acme/b ^2; @acme/b 2.1.0 requires @acme/c ^3`. */
function sentence(name: string, {path, range}: RequirementPath, requested: ReadonlySet<string>): string {
  const required = [...path.map((step) => ({name: step.name, range: step.range})), {name, range}]
  const [root, ...others] = required.map((each) => `${each.name} ${shown(each.range)}`)
  const isRequested = requested.has(required[0]?.name ?? '')
  if (others.length === 0) return isRequested ? `you requested ${root ?? ''}` : `apkg.json requires ${root ?? ''}`
  const steps = others.map((what, index) => {
    const by = path[index]
    const origin = index === 0 ? ` (${isRequested ? 'requested' : 'apkg.json'}: ${shown(by?.range ?? '')})` : ''
    return `${[by?.name, by?.version].join(' ').trim()}${origin} requires ${what}`
  })
  return steps.length <= maxSteps ? steps.join('; ') : [...steps.slice(0, 2), '…', ...steps.slice(-2)].join('; ')
}

function shown(range: string): string {
  return printable(range.trim() || '*')
}

/** A command that changes or removes a dependency for which no version is left. */
function wayOut(name: string, choices: PackageChoices | undefined): string {
  const newest = choices && newestVersion(choices)
  return newest
    ? `run \`apkg add ${name}\` to change the range in apkg.json to ^${newest.version}`
    : `run \`apkg remove ${name}\` to remove it from apkg.json`
}

function availability(range: string, choices: PackageChoices | undefined): string {
  const versions = choices?.versions ?? []
  const inRange = parseRange(range)
  const yanked = versions.filter((each) => each.yanked && inRange?.test(each.version)).map(({version}) => version)
  if (yanked.length > 0) return `only yanked versions match: ${yanked.slice(0, 3).join(', ')}`
  const [highest] = versions
  return highest ? `the highest version is ${highest.version}` : 'no version has been published'
}
