import path from 'node:path'

import {firstOnPath, isSameFile} from '../../shell-path/on-path.js'
import type {Check} from '../check.js'
import {ok, skipped, warning} from '../finding.js'

export const pathCheck: Check = {
  name: 'path',
  title: 'PATH',
  async run({env, program: {root}}) {
    const program = path.join(root, 'bin', 'run.js')
    const first = firstOnPath(env)
    if (first === undefined) return [warning('apkg is not on your PATH', `run \`${program} add-to-path\``)]
    // On Windows, npm creates a script and not a link.
    if (process.platform === 'win32') return [skipped(`${first}, not checked which installation it starts`)]
    if (isSameFile(first, program)) return [ok(first)]
    return [warning(`${first} is a different apkg installation`, 'remove the one you do not want')]
  },
}
