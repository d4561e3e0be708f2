import {Secret} from '../../src/credentials/secret.js'
import type {StoredSet} from '../../src/credentials/credential-store.js'

export const registryA = 'https://a.example.com/apkg'
export const registryB = 'https://b.example.com'

/** A set with its values named after its username. */
export function setOf(registry: string, username: string): StoredSet {
  return {
    registry,
    accessToken: new Secret(`access-${username}`),
    refreshToken: new Secret(`refresh-${username}`),
    username,
  }
}

/** A set's JSON as the original client writes it, line by line. */
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

/** `sessions.json` with these sets. */
export function writtenSessions(...sets: [registry: string, username: string][]): string {
  const entries = sets.map(([registry, username]) => `    "${registry}": ${written(registry, username, '    ')}`)
  return `{\n  "sessions": {\n${entries.join(',\n')}\n  }\n}`
}

/** What a set says, its secrets opened; for comparing. */
export function opened(set: StoredSet | undefined): Record<string, string> | undefined {
  return (
    set && {
      registry: set.registry,
      accessToken: set.accessToken.expose(),
      refreshToken: set.refreshToken.expose(),
      username: set.username,
    }
  )
}
