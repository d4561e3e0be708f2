import {Secret} from '../../src/credentials/secret.js'
import type {StoredLogin} from '../../src/credentials/credential-store.js'

export const registryA = 'https://a.example.com/apkg'
export const registryB = 'https://b.example.com'

/** Returns a login whose tokens are named after its username. */
export function loginOf(registry: string, username: string): StoredLogin {
  return {
    registry,
    accessToken: new Secret(`access-${username}`),
    refreshToken: new Secret(`refresh-${username}`),
    username,
  }
}

/** Returns the JSON that the original client writes for a login. */
export function written(registry: string, username: string, indent = ''): string {
  return [
    '{',
    `  "registry": "${registry}",`,
    `  "accessToken": "access-${username}",`,
    `  "refreshToken": "refresh-${username}",`,
    `  "username": "${username}"`,
    '}',
  ].join(`\n${indent}`)
}

/** Returns a `sessions.json` with these logins. */
export function writtenSessions(...logins: [registry: string, username: string][]): string {
  const entries = logins.map(([registry, username]) => `    "${registry}": ${written(registry, username, '    ')}`)
  return `{\n  "sessions": {\n${entries.join(',\n')}\n  }\n}`
}

/** Returns a login with its secrets as strings, for comparisons. */
export function exposed(login: StoredLogin | undefined): Record<string, string> | undefined {
  return (
    login && {
      registry: login.registry,
      accessToken: login.accessToken.expose(),
      refreshToken: login.refreshToken.expose(),
      username: login.username,
    }
  )
}
