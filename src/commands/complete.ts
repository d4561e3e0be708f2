import path from 'node:path'

import {ApkgCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {commandLineOf} from '../machine/completion/command-line.js'
import {complete, type Completion} from '../machine/completion/complete.js'
import {searchOf} from '../machine/completion/lookup.js'
import {candidateLines} from '../views/machine/candidates.js'

export default class Complete extends ApkgCommand<Completion> {
  static override readonly summary = 'List the words that fit where one is typed; what completion scripts ask.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> -- token re']

  static override readonly hidden = true

  static override readonly args = {
    words: Args.string({
      description: 'What was typed behind `apkg`; the last word is the one to be completed.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    later: Flags.boolean({summary: 'Look up what took too long, and keep it for the next time.'}),
  }

  async run(): Promise<Completion> {
    const {args, flags} = await this.parse(Complete)
    const words = args.words ?? ['']
    const search = searchOf(this.config, this.ports, flags.later)
    const {completion, isUnanswered} = await complete(commandLineOf(this.config), words, search)
    await this.show(completion, candidateLines(completion))
    if (isUnanswered && !flags.later) {
      const {handOn} = await import('../machine/completion/look-up-later.js')
      handOn(path.join(this.config.root, 'bin', 'run.js'), words, this.ports.cwd)
    }
    return completion
  }
}
