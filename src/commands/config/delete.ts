import {ApkgCommand, changeConfig} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {failure} from '../../machine/failures.js'
import {configKey} from '../../machine/settings/config-keys.js'

/** The setting that was reset. */
export interface ConfigDeleteResult {
  key: string
}

export default class ConfigDelete extends ApkgCommand<ConfigDeleteResult> {
  static override readonly summary = 'Reset a setting to its default.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> registry']

  static override readonly completion = {key: 'config-key'}

  static override readonly args = {
    key: Args.string({description: 'Setting to reset.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<ConfigDeleteResult> {
    const {args} = await this.parse(ConfigDelete)
    const key = configKey(args.key)
    await changeConfig(this.ports.home, (present) => {
      if (key.get(present) === undefined) throw failure('CONFIG_KEY_UNSET', {key: args.key})
      return key.delete(present)
    })
    this.success(`Deleted ${args.key}`)
    return this.show({key: args.key}, '')
  }
}
