/** The limits that the operator sets. They are stored with the data, so that all processes use the same ones. */
export interface RegistryPolicy {
  /** The longest lifetime of a new token, such as `90d`. Null if tokens don't have to expire. */
  maxTokenLifetime: string | null
  /** The lifetime of a new token if the client doesn't request one. Null means the maximum. */
  defaultTokenLifetime: string | null
  /** How many active tokens an account can have. */
  maxTokens: number
  /**
   * How long a session can do what requires a recent login, in milliseconds after the login or confirmation. 0 means no
   * limit.
   */
  confirmAfter: number
  /** How many refused credentials one network can send per minute. 0 means no limit. */
  failedAuthRate: number
}

export type PolicyName = keyof RegistryPolicy

export const defaultPolicy: RegistryPolicy = {
  maxTokenLifetime: null,
  defaultTokenLifetime: null,
  maxTokens: 1000,
  confirmAfter: 10 * 60_000,
  failedAuthRate: 60,
}

/** The stored form of null. */
const none = 'never'

/**
 * Reads the stored settings.
 *
 * @param text `name=value` entries, separated by spaces. Missing settings get their defaults.
 */
export function parsePolicy(text: string | null | undefined): RegistryPolicy {
  if (!text) return defaultPolicy
  const stored = new Map(text.split(' ').map((entry) => entry.split('=', 2) as [string, string]))
  const lifetime = (name: PolicyName) => {
    const value = stored.get(name)
    return value === undefined || value === none ? null : value
  }
  const number = (name: 'maxTokens' | 'confirmAfter' | 'failedAuthRate') => {
    const value = stored.get(name)
    return value === undefined ? defaultPolicy[name] : Number(value)
  }
  return {
    maxTokenLifetime: lifetime('maxTokenLifetime'),
    defaultTokenLifetime: lifetime('defaultTokenLifetime'),
    maxTokens: number('maxTokens'),
    confirmAfter: number('confirmAfter'),
    failedAuthRate: number('failedAuthRate'),
  }
}

/** Returns a setting in its stored form. */
export function formatSetting(value: string | number | null): string {
  return value === null ? none : String(value)
}
