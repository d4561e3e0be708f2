import path from 'node:path'

import {ApkgCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {commandLineOf} from '../machine/completion/command-line.js'
import {complete, type Completion} from '../machine/completion/complete.js'
import {lookupOptions} from '../machine/completion/lookup.js'
import {candidateLines} from '../views/machine/candidates.js'

export default class Complete extends ApkgCommand<Completion> {
  static override readonly summary = 'List completions for the last word. Used by completion scripts.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> -- token re']

  static override readonly hidden = true

  static override readonly args = {
    words: Args.string({
      description: 'The words after `apkg`. The last one is completed.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    later: Flags.boolean({summary: 'Look up values with a longer timeout, and cache them.'}),
  }

  async run(): Promise<Completion> {
    const {args, flags} = await this.parse(Complete)
    const words = args.words ?? ['']
    const options = lookupOptions(this.config, this.ports, flags.later)
    const {completion, isUnanswered} = await complete(commandLineOf(this.config), words, options)
    await this.show(completion, candidateLines(completion))
    if (isUnanswered && !flags.later) {
      const {lookUpLater} = await import('../machine/completion/look-up-later.js')
      lookUpLater(path.join(this.config.root, 'bin', 'run.js'), words, this.ports.cwd)
    }
    return completion
  }
}
