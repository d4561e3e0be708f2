import {readConfig} from '@apkg/command-kit'

import {presentSettings, settingNames} from '../../settings/config-keys.js'
import type {ValueSource} from '../value-source.js'
import {registries} from './registries.js'

/** The settings, each with what it is now; those that are set alone where one is to be deleted. */
export const settings: ValueSource = {
  async known({command}, {home}) {
    const present = presentSettings(await readConfig(home).catch(() => ({})))
    const names = command.id === 'config:delete' ? [] : settingNames
    return [...new Set([...names, ...Object.keys(present)])].map((value) => ({
      value,
      description: Object.hasOwn(present, value) ? `now ${String(present[value])}` : 'not set',
    }))
  },
}

/** The values that the setting before it can have. */
export const settingValues: ValueSource = {
  async known(wanted, machine) {
    const [name = ''] = wanted.args
    if (name === 'registry' || name.startsWith('services.')) return (await registries.known?.(wanted, machine)) ?? []
    return settingNames.includes(name) ? ['true', 'false'].map((value) => ({value, description: ''})) : []
  },
}
