import {existsSync} from 'node:fs'
import path from 'node:path'

import {shellPath} from '@apkg/command-kit'

import {firstOnPath, isSameFile} from '../../shell-path/on-path.js'
import type {Check} from '../check.js'
import {ok, skipped, warning} from '../finding.js'

/** By its path, because a shell doesn't find it by its name. */
function addToPath(program: string): string {
  return `run \`node ${shellPath(program)} add-to-path\``
}

export const pathCheck: Check = {
  name: 'path',
  title: 'PATH',
  async run({env, program: {root}}) {
    const program = path.join(root, 'bin', 'run.js')
    const first = firstOnPath(env)
    // From a clone, apkg is run by its path or by an alias.
    if (existsSync(path.join(root, 'bin', 'dev.js')) && (first === undefined || !isSameFile(first, program)))
      return [skipped(`apkg runs from a clone, ${root}${first === undefined ? '' : `, and not from ${first}`}`)]
    if (first === undefined)
      return [warning('apkg is not on your PATH, so scripts and other programs cannot run it', addToPath(program))]
    // On Windows, npm creates a script and not a link.
    if (process.platform === 'win32') return [skipped(`${first}, not checked which installation it starts`)]
    if (isSameFile(first, program)) return [ok(first)]
    return [warning(`${first} is a different apkg installation`, 'remove the one you do not want')]
  },
}
