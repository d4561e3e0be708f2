import {all, first, type Port, type Rule, run, type Step, together} from '../port.js'
import type {Actor, Credential, PackageStore} from '../store.js'
import {recordChange} from './audit.js'
import {denialOf} from './package-authority.js'
import {findAvailable, findPackage, touch, type PackageRow} from './package-rows.js'
import {indexPackage} from './package-search.js'
import {spendUse} from './spend-use.js'
import {tables} from './tables.js'

export function createDistTagChanges(port: Port): Pick<PackageStore, 'setTag' | 'removeTag'> {
  return {
    setTag: ({name, tag, version}, credential, by, now) =>
      port.write(function* () {
        const denial = yield* denialOf(credential, name, ['tag'], now)
        if (denial) return denial
        const changed = yield* findPackage(name)
        if (!changed) return 'package-unknown'
        const row = yield* findAvailable(changed.id, version)
        if (typeof row === 'string') return row === 'taken-down' ? 'retired' : row
        return yield* moveTag(changed, {tag, version}, credential, by, now)
      }),

    removeTag: ({name, tag}, credential, by, now) =>
      port.write(function* () {
        const denial = yield* denialOf(credential, name, ['tag'], now)
        if (denial) return denial
        const changed = yield* findPackage(name)
        if (!changed) return 'package-unknown'
        const version = yield* taggedVersion(changed.id, tag)
        if (version === undefined) return 'tag-unknown'
        if (!(yield* spendUse(credential))) return 'spent'
        const change = {at: now, action: 'package.untag', by, target: `${name}@${version}`, detail: {tag}}
        yield* together([dropTag(changed.id, tag), touch(changed, now), recordChange(change)])
        if (tag === 'latest') yield* indexPackage(changed.id)
        return 'removed'
      }),
  }
}

export function* taggedVersion(packageId: number, tag: string): Rule<string | undefined> {
  const tags = tables.selectFrom('dist_tags').select('version').where('package_id', '=', packageId)
  return (yield* first(tags.where('tag', '=', tag)))?.version
}

export function* tagsOf(packageId: number, version: string): Rule<string[]> {
  const tags = tables.selectFrom('dist_tags').select('tag').where('package_id', '=', packageId)
  return (yield* all(tags.where('version', '=', version).orderBy('tag'))).map(({tag}) => tag)
}

export function putTag(packageId: number, tag: string, version: string): Step<number> {
  return run(
    tables
      .insertInto('dist_tags')
      .values({package_id: packageId, tag, version})
      .onConflict((conflict) => conflict.columns(['package_id', 'tag']).doUpdateSet({version})),
  )
}

export function dropTag(packageId: number, tag: string): Step<number> {
  return run(tables.deleteFrom('dist_tags').where('package_id', '=', packageId).where('tag', '=', tag))
}

/** Sets a dist-tag. This counts as a use, unless the version already has the tag. */
export function* moveTag(
  tagged: PackageRow,
  {tag, version}: {tag: string; version: string},
  credential: Credential,
  by: Actor,
  now: number,
): Rule<'set' | 'spent'> {
  const before = yield* taggedVersion(tagged.id, tag)
  if (before === version) return 'set'
  if (!(yield* spendUse(credential))) return 'spent'
  const detail = {tag, ...(before !== undefined && {before})}
  const change = {at: now, action: 'package.tag', by, target: `${tagged.name}@${version}`, detail}
  yield* together([putTag(tagged.id, tag, version), touch(tagged, now), recordChange(change)])
  if (tag === 'latest') yield* indexPackage(tagged.id)
  return 'set'
}
