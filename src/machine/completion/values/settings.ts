import {readConfig} from '@apkg/command-kit'

import {presentSettings, settingNames} from '../../settings/config-keys.js'
import type {ValueSource} from './value-source.js'
import {registries} from './registries.js'

/** The settings with their current values. For `config delete`, only those that are set. */
export const settings: ValueSource = {
  async known({command}, {home}) {
    const present = presentSettings(await readConfig(home).catch(() => ({})))
    const names = command.id === 'config:delete' ? [] : settingNames
    return [...new Set([...names, ...Object.keys(present)])].map((value) => ({
      value,
      description: Object.hasOwn(present, value) ? `currently ${String(present[value])}` : 'not set',
    }))
  },
}

/** The values that the preceding setting can have. */
export const settingValues: ValueSource = {
  async known(wanted, machine) {
    const [name = ''] = wanted.args
    if (name === 'registry' || name.startsWith('services.')) return (await registries.known?.(wanted, machine)) ?? []
    return settingNames.includes(name) ? ['true', 'false'].map((value) => ({value, description: ''})) : []
  },
}
