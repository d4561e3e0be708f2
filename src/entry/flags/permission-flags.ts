import {printable} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'
import {type PackageAction, packageActions, type WrittenTime} from '@apkg/wire'
import {Args} from '@oclif/core'

import type {Question} from '../../account/token/ask-permission.js'
import {failure} from '../../account/failures.js'
import {parseSpec} from '../../catalog/spec.js'
import {flagTimeAhead, timeFlag} from './time-flag.js'

export const permissionArgs = {
  action: Args.string({
    description: 'What to do with the package.',
    options: [...packageActions],
    required: true,
    ignoreStdin: true,
  }),
  package: Args.string({
    description: 'Package (@scope/name) or version (@scope/name@version).',
    required: true,
    ignoreStdin: true,
  }),
}

export const permissionFlags = {
  for: timeFlag({
    summary: 'Require the credential to be valid for this long, such as 20m, or until this time.',
    description: 'By default, it only has to be valid now.',
  }),
}

/** @throws {ApkgError} `SPEC_INVALID`; `USAGE` for a range or a dist-tag instead of a version, or a time in the past. */
export function questionOf(
  {action, package: spec}: {action: string; package: string},
  {for: until}: {for?: WrittenTime | undefined},
  now: Date,
): Question {
  const {name, wanted: version} = parseSpec(spec)
  if (version !== undefined && !isVersion(version)) {
    const suggestions = [`use ${name}@1.2.3, or ${name} for any version`]
    throw failure('USAGE', {message: `\`${printable(version)}\` is not an exact version`, suggestions})
  }
  const end = until && flagTimeAhead('for', until, now)
  return {
    action: action as PackageAction,
    name,
    version,
    minTtl: end && Math.ceil((end.getTime() - now.getTime()) / 1000),
  }
}
