import path from 'node:path'

import {ApkgCommand} from '@apkg/command-kit'

import {addToPath, type PathAddition} from '../machine/shell-path/add-to-path.js'
import {pathAdditionNote} from '../views/machine/path-addition.js'

export default class AddToPath extends ApkgCommand<PathAddition> {
  static override readonly summary = 'Let your shell find this apkg, if npm did not put it on PATH.'

  static override readonly description = `Links it to ~/.apkg/bin/apkg and adds that folder to PATH in the file that zsh, bash or fish reads when it starts, as SHELL names it.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<PathAddition> {
    await this.parse(AddToPath)
    const {home, env} = this.ports
    const result = await addToPath({home, env, program: path.join(this.config.root, 'bin', 'run.js')})
    this.note(pathAdditionNote(result))
    return this.show(result, '')
  }
}
