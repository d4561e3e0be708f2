import {type Port, run, together} from '../port.js'
import type {PackageStore} from '../store.js'
import {recordChange} from './audit.js'
import {denialOf} from './package-authority.js'
import {findAvailable, findPackage, touch} from './package-rows.js'
import {spendUse} from './spend-use.js'
import {tables} from './tables.js'

/** Dist-tags keep pointing at a yanked version, so that undoing it restores everything. Clients skip it. */
export function createYanking(port: Port): Pick<PackageStore, 'yank'> {
  return {
    yank: ({name, version, yanked}, credential, by, now) =>
      port.write(function* () {
        const denial = yield* denialOf(credential, name, ['deprecate'], now)
        if (denial) return denial
        const changed = yield* findPackage(name)
        if (!changed) return 'package-unknown'
        const row = yield* findAvailable(changed.id, version)
        if (typeof row === 'string') return row
        if (row.isYanked === yanked) return 'done'
        if (!(yield* spendUse(credential))) return 'spent'
        const set = {yanked_at: yanked ? now : null}
        const target = `${name}@${version}`
        const change = recordChange({at: now, action: 'package.yank', by, target, detail: {yanked}})
        const updated = run(tables.updateTable('versions').set(set).where('id', '=', row.id))
        yield* together([updated, touch(changed, now), change])
        return 'done'
      }),
  }
}
