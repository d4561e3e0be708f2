import type {Dependent, PackageLists} from '../package-lists.js'
import {all, first, type Port, statement, together} from '../port.js'
import {type AuthorKeyRow, toAuthorKey} from './author-keys.js'
import {listHits, visibilityFor} from './package-search.js'

const findInRange = statement<{id: number}>({dialect: 'findInRange'})
const findDependents = statement<Dependent>({dialect: 'findDependents'})
const findMostInstalled = statement<{id: number; downloads: number}>({dialect: 'findMostInstalled'})

const findHolder = statement<{holder: 'user' | 'organization'}>('SELECT holder FROM names WHERE name = ?1')

const findKeys = statement<AuthorKeyRow>(`
  SELECT k.key_id, k.user_id, k.public_key, k.name, k.status, k.created_at, k.revoked_at, k.reason, k.message, k.rotated_to,
    k.attestation, k.proven_at, u.name AS username
  FROM users u JOIN author_keys k ON k.user_id = u.id
  WHERE u.name = ?1 ORDER BY k.created_at, k.key_id`)

export function createPackageLists(port: Port): PackageLists {
  return {
    inScope: (scope, {after, limit}, reader) =>
      port.read(function* () {
        // All names in a scope are between these two.
        const [start, end] = [`@${scope}/`, `@${scope}0`]
        const from = after !== undefined && after > start ? after : start
        const [holder, keys, found] = yield* together([
          first(findHolder(scope)),
          all(findKeys(scope)),
          all(findInRange(...visibilityFor(reader), from, end, limit + 1)),
        ])
        if (!holder) return undefined
        const packages = found.length === 0 ? [] : yield* listHits(found.slice(0, limit).map(({id}) => id))
        return {kind: holder.holder, packages, hasMore: found.length > limit, keys: keys.map(toAuthorKey)}
      }),

    async dependents(name, {after = '', limit}, reader) {
      const found = await port.ask(all(findDependents(...visibilityFor(reader), name, after, limit + 1)))
      const shown = found.slice(0, limit).map((each) => ({...each}))
      return {dependents: shown, hasMore: found.length > limit}
    },

    mostInstalled: (limit, reader) =>
      port.read(function* () {
        const found = yield* all(findMostInstalled(...visibilityFor(reader), limit))
        const hits = found.length === 0 ? [] : yield* listHits(found.map(({id}) => id))
        return hits.map((hit, position) => ({...hit, downloads: found[position]?.downloads ?? 0}))
      }),
  }
}
