import {printable, type ApkgError} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {Explanation, Need} from './explain.js'
import type {PackageChoices} from '../../catalog/package-choices.js'
import {failure as catalogFailure} from '../../catalog/failures.js'
import {parseRange} from '../../catalog/range.js'

/** What registries said of the packages that were asked for, by name. */
export interface Asked {
  asked: ReadonlyMap<string, PackageChoices>
  missing: ReadonlyMap<string, ApkgError>
  /** Names whose range comes from this run and not from apkg.json. */
  requested: ReadonlySet<string>
}

/** The failure that tells a person why dependencies cannot be resolved. */
export function resolutionFailure(
  {name, needs, alternatives}: Explanation,
  {asked, missing, requested}: Asked,
): ApkgError {
  const [first] = needs
  if (!first || needs.length > 1) {
    const roots = [...new Set(needs.map(({path}) => path[0]?.name ?? name))]
    return failure('DEPENDENCY_CONFLICT', {
      name,
      needs: needs.map((need) => sentence(name, need, requested)),
      alternatives,
      ranges: roots.filter((each) => !requested.has(each)),
      requested: roots.filter((each) => requested.has(each)),
    })
  }
  const notFound = missing.get(name)
  if (!notFound) {
    return catalogFailure('VERSION_NOT_FOUND', {
      name,
      reason: sentence(name, first, requested) + whatThereIs(first.range, asked.get(name)),
    })
  }
  if (first.path.length === 0) return notFound
  return failure('DEPENDENCY_NOT_FOUND', {name, need: sentence(name, first, requested)}, {cause: notFound})
}

/** Longer ways are shown by their ends. */
const mostSteps = 5

/** `@acme/a 1.0.0 (apkg.json: ^1) needs @acme/b ^2; @acme/b 2.1.0 needs @acme/c ^3`. */
function sentence(name: string, {path, range}: Need, requested: ReadonlySet<string>): string {
  const needed = [...path.map((step) => ({name: step.name, range: step.range})), {name, range}]
  const [root, ...others] = needed.map((each) => `${each.name} ${shown(each.range)}`)
  const isWished = requested.has(needed[0]?.name ?? '')
  if (others.length === 0) return isWished ? `${root ?? ''} is asked for here` : `apkg.json needs ${root ?? ''}`
  const steps = others.map((what, index) => {
    const by = path[index]
    const wanted = index === 0 ? ` (${isWished ? 'asked for here' : 'apkg.json'}: ${shown(by?.range ?? '')})` : ''
    return `${[by?.name, by?.version].join(' ').trim()}${wanted} needs ${what}`
  })
  return steps.length <= mostSteps ? steps.join('; ') : [...steps.slice(0, 2), '…', ...steps.slice(-2)].join('; ')
}

function shown(range: string): string {
  return printable(range.trim() || '*')
}

function whatThereIs(range: string, choices: PackageChoices | undefined): string {
  const versions = choices?.versions ?? []
  const inRange = parseRange(range)
  const yanked = versions.filter((each) => each.yanked && inRange?.test(each.version)).map(({version}) => version)
  if (yanked.length > 0) return `, of which only yanked versions are left: ${yanked.slice(0, 3).join(', ')}`
  const [highest] = versions
  return highest ? `, and the highest version is ${highest.version}` : ', and no version is published'
}
