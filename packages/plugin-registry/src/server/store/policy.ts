/** What the operator allows. It is part of the data, so that every process that serves it agrees. */
export interface RegistryPolicy {
  /** The longest lifetime of a new token, such as `90d`. Null: tokens don't have to expire. */
  maxTokenLifetime: string | null
  /** The lifetime of a new token for which the client asks for none. Null: the longest one. */
  defaultTokenLifetime: string | null
  /** How many live tokens an account can have. */
  maxTokens: number
  /** How long after a login or confirmation a session can do what needs one, in milliseconds. 0: as long as it lives. */
  confirmAfter: number
  /** How many refused credentials one network may send in a minute. 0: any number. */
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

/** Stored for null. */
const none = 'never'

/**
 * Reads the stored settings.
 *
 * @param text entries `name=value`, separated by spaces. What is missing has its default.
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

/** A setting as it is stored. */
export function formatSetting(value: string | number | null): string {
  return value === null ? none : String(value)
}
