import {ApkgCommand, changeConfig} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {configKey} from '../../machine/settings/config-keys.js'

/** The setting and its new value. */
export interface ConfigSetResult {
  key: string
  value: string | boolean
}

export default class ConfigSet extends ApkgCommand<ConfigSetResult> {
  static override readonly summary = 'Change a setting.'

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> registry https://registry.example.com',
    '<%= config.bin %> <%= command.id %> defaultSetup.claude-code true',
  ]

  static override readonly completion = {key: 'config-key', value: 'config-value'}

  static override readonly args = {
    key: Args.string({description: 'Setting to change.', required: true, ignoreStdin: true}),
    value: Args.string({description: 'New value.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<ConfigSetResult> {
    const {args} = await this.parse(ConfigSet)
    const key = configKey(args.key)
    const config = await changeConfig(this.ports.home, (present) => key.set(present, args.value))
    const result = {key: args.key, value: key.get(config) ?? args.value}
    this.success(`Set ${args.key} = ${String(result.value)}`)
    return this.show(result, '')
  }
}
