import {printable} from '@apkg/command-kit'

import type {VersionChange} from '../../publish/versioning/set-version.js'

/** For example `@acme/tool: 1.2.3 → 1.2.4, committed and tagged v1.2.4`. */
export function versionNote({name, version, previous, git}: VersionChange): string {
  const committed = git === null ? '' : `, committed and tagged ${git.tag}`
  return printable(`${name}: ${previous} → ${version}${committed}`)
}
