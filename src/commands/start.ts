import {ApkgCommand} from '@apkg/command-kit'

import {groupsOf} from '../machine/start/command-groups.js'
import {nextSteps} from '../machine/start/next-steps.js'
import {startPageText, type StartPage} from '../views/machine/start-page.js'

export default class Start extends ApkgCommand<StartPage> {
  static override readonly summary = 'Show the next steps and all commands. Runs when you type only `apkg`.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  static override readonly hidden = true

  async run(): Promise<StartPage> {
    await this.parse(Start)
    const {version, commands} = this.config
    const ids = commands.filter(({hidden, aliases, id}) => !hidden && !aliases.includes(id)).map(({id}) => id)
    const page = {version, next: nextSteps(this.ports), groups: groupsOf(ids)}
    return this.show(page, startPageText(page, this.ports.stdout))
  }
}
