import {formatLifetime, parseLifetime, parseTime} from '@apkg/wire'

import {defaultPolicy, type RegistryPolicy} from '../server/store/policy.js'
import {failure} from './failures.js'

/** A setting of a registry's policy. */
export interface PolicySetting {
  name: string
  /** The value in the form that `apkg registry policy set` accepts. */
  value: string
  /** Whether this is the value of a new registry. */
  isDefault: boolean
}

interface Definition {
  /** Returns the change for a value, or undefined if the value is invalid. */
  read: (text: string) => Partial<RegistryPolicy> | undefined
  show: (policy: RegistryPolicy) => string
  /** The accepted values, for errors. */
  forms: string
}

const lifetimes = 'a duration (such as 12h, 90d or 1y), or `never`'

const definitions = {
  'max-token-lifetime': {
    read: (text: string) => withLifetime(text, (maxTokenLifetime) => ({maxTokenLifetime})),
    show: ({maxTokenLifetime}: RegistryPolicy) => maxTokenLifetime ?? 'never',
    forms: lifetimes,
  },
  'default-token-lifetime': {
    read: (text: string) => withLifetime(text, (defaultTokenLifetime) => ({defaultTokenLifetime})),
    show: ({defaultTokenLifetime}: RegistryPolicy) => defaultTokenLifetime ?? 'never',
    forms: lifetimes,
  },
  'max-tokens': {
    read: (text: string) => (/^\d{1,7}$/.test(text) ? {maxTokens: Number(text)} : undefined),
    show: ({maxTokens}: RegistryPolicy) => String(maxTokens),
    forms: 'a number',
  },
  'confirm-after': {
    read(text: string) {
      const time = text === '0' ? undefined : parseTime(text)
      if (text !== '0' && time?.kind !== 'for') return undefined
      return {confirmAfter: time?.kind === 'for' ? time.milliseconds : 0}
    },
    show: ({confirmAfter}: RegistryPolicy) =>
      confirmAfter === 0 ? '0' : formatLifetime({kind: 'for', milliseconds: confirmAfter}),
    forms: 'a duration such as 10m, or 0 for no limit',
  },
  'failed-auth-rate': {
    read(text: string) {
      const [, number] = /^(\d{1,7})(?:\/min)?$/.exec(text) ?? []
      return number === undefined ? undefined : {failedAuthRate: Number(number)}
    },
    show: ({failedAuthRate}: RegistryPolicy) => (failedAuthRate === 0 ? '0' : `${failedAuthRate}/min`),
    forms: 'a rate such as 60/min, or 0 for no limit',
  },
} satisfies Record<string, Definition>

export type PolicySettingName = keyof typeof definitions

export const policySettingNames = Object.keys(definitions) as PolicySettingName[]

export function policySettings(policy: RegistryPolicy): PolicySetting[] {
  return policySettingNames.map((name) => policySetting(name, policy))
}

export function policySetting(name: PolicySettingName, policy: RegistryPolicy): PolicySetting {
  const {show} = definitions[name]
  const value = show(policy)
  return {name, value, isDefault: value === show(defaultPolicy)}
}

/** @throws {ApkgError} `USAGE` for an invalid value */
export function parsePolicySetting(name: PolicySettingName, text: string): Partial<RegistryPolicy> {
  const {read, forms}: Definition = definitions[name]
  const change = read(text)
  if (change) return change
  throw failure('USAGE', {message: `\`${text}\` is not a valid ${name}`, suggestions: [`use ${forms}`]})
}

function withLifetime(text: string, change: (lifetime: string | null) => Partial<RegistryPolicy>) {
  const lifetime = parseLifetime(text)
  if (!lifetime || lifetime.kind === 'until') return undefined
  return change(lifetime.kind === 'never' ? null : formatLifetime(lifetime))
}
