import {ApkgCommand, printable, readConfig} from '@apkg/command-kit'

import {presentSettings} from '../../machine/settings/config-keys.js'

/** The settings in `~/.apkg/config.json`. */
export interface ConfigListResult {
  /** The value of each setting, by name. */
  config: Record<string, string | boolean>
}

export default class ConfigList extends ApkgCommand<ConfigListResult> {
  static override readonly summary = 'List the settings in ~/.apkg/config.json.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<ConfigListResult> {
    await this.parse(ConfigList)
    const config = presentSettings(await readConfig(this.ports.home))
    const entries = Object.entries(config)
    if (entries.length === 0) this.note('No configuration set. Using defaults.')
    return this.show({config}, entries.map(([name, value]) => `${printable(`${name}: ${String(value)}`)}\n`).join(''))
  }
}
