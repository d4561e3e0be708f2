import compare from 'semver/functions/compare.js'

import {knownRelease} from '../../self-update/known-release.js'
import {updateCommand} from '../../self-update/update-command.js'
import type {Check} from '../check.js'
import {ok, skipped, warning} from '../finding.js'

/** Uses the cached result of `apkg check-update`. */
export const updateCheck: Check = {
  name: 'update',
  title: 'apkg',
  async run({env, home, program: {version, root}}) {
    const {latest} = knownRelease({env, home})
    if (latest === null) return [skipped(`v${version}, not checked for updates (\`apkg check-update\`)`)]
    if (compare(latest, version) <= 0) return [ok(`v${version}`)]
    return [warning(`update available: ${version} → ${latest}`, updateCommand(root))]
  },
}
