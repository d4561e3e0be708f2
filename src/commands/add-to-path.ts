import path from 'node:path'

import {ApkgCommand} from '@apkg/command-kit'

import {addToPath, type PathAddition} from '../machine/shell-path/add-to-path.js'
import {pathAdditionNote} from '../views/machine/path-addition.js'

export default class AddToPath extends ApkgCommand<PathAddition> {
  static override readonly summary = 'Add apkg to your PATH.'

  static override readonly description = `Use this if apkg isn't installed globally. Creates a link to apkg in ~/.apkg/bin, and adds that directory to PATH in the startup file of your shell (zsh, bash or fish).`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<PathAddition> {
    await this.parse(AddToPath)
    const {home, env} = this.ports
    const result = await addToPath({home, env, program: path.join(this.config.root, 'bin', 'run.js')})
    this.note(pathAdditionNote(result))
    return this.show(result, '')
  }
}
