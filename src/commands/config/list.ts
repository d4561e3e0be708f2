import {ApkgCommand, printable, readConfig} from '@apkg/command-kit'

import {configKeys} from '../../settings/config-keys.js'

type ConfigValues = Record<string, string | boolean>

export default class ConfigList extends ApkgCommand<{config: ConfigValues}> {
  static override readonly summary = 'List the settings that are set.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<{config: ConfigValues}> {
    await this.parse(ConfigList)
    const present = await readConfig(this.ports.home)
    const set = [...configKeys].flatMap(([name, {get}]) => {
      const value = get(present)
      return value === undefined ? [] : [[name, value] as const]
    })
    if (set.length === 0) this.note('No configuration set. Using defaults.')
    const config: ConfigValues = Object.fromEntries(set)
    await this.show({config}, set.map(([name, value]) => `${name}: ${printable(String(value))}\n`).join(''))
    return {config}
  }
}
