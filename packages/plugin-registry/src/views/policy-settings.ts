import type {Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {PolicySetting} from '../operator/policy-settings.js'

/** A row per setting: name, value. */
export function policySettingList(settings: readonly PolicySetting[], screen: Screen): string {
  return table(
    ['NAME', 'VALUE'],
    settings.map(({name, value}) => [name, value]),
    screen,
  )
}
