import {ApkgCommand, readConfig} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {failure} from '../../machine/failures.js'
import {configKey} from '../../machine/settings/config-keys.js'

/** A setting and its value. */
export interface ConfigGetResult {
  key: string
  value: string | boolean
  /** Whether the value is the default because the setting isn't set. */
  isDefault: boolean
}

export default class ConfigGet extends ApkgCommand<ConfigGetResult> {
  static override readonly summary = "Print a setting, or its default if it isn't set."

  static override readonly examples = ['<%= config.bin %> <%= command.id %> registry']

  static override readonly completion = {key: 'config-key'}

  static override readonly args = {
    key: Args.string({description: 'Setting to print, such as `registry`.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<ConfigGetResult> {
    const {args} = await this.parse(ConfigGet)
    const {get, fallback} = configKey(args.key)
    const config = await readConfig(this.ports.home)
    const set = get(config)
    const value = set ?? fallback?.(config)
    if (value === undefined) throw failure('CONFIG_KEY_UNSET', {key: args.key})
    const result = {key: args.key, value, isDefault: set === undefined}
    return this.show(result, String(value))
  }
}
