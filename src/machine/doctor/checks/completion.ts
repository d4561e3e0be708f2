import path from 'node:path'

import {setUpPlan, setUpState} from '../../completion/set-up.js'
import {shells} from '../../completion/shell.js'
import {fileContains, startUpFile} from '../../shell-path/start-up-file.js'
import type {Check} from '../check.js'
import {ok, skipped, warning} from '../finding.js'

export const completionCheck: Check = {
  name: 'completion',
  title: 'Completion',
  async run({home, env}) {
    const named = path.basename(env['SHELL'] ?? '')
    const shell = shells.find((each) => each === named)
    if (shell === undefined) return [skipped('not checked: SHELL is not a supported shell')]
    const state = setUpState(setUpPlan(shell, {home, env}))
    if (state === 'present') return [ok(`set up in ${shell}`)]
    if (state === 'outdated') return [warning(`the ${shell} completion script is outdated`, 'run `apkg autocomplete`')]
    const file = startUpFile(shell, home, env)
    if (file !== undefined && fileContains(file, 'apkg completions')) return [ok(`set up manually in ${shell}`)]
    return [ok(`not set up in ${shell} (optional: \`apkg autocomplete\`)`)]
  },
}
