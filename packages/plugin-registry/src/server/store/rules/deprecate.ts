import {type Port, run, together} from '../port.js'
import type {PackageStore} from '../store.js'
import {recordChange} from './audit.js'
import {denialOf} from './package-authority.js'
import {findAvailable, findPackage, touch} from './package-rows.js'
import {spendUse} from './spend-use.js'
import {tables} from './tables.js'

export function createDeprecation(port: Port): Pick<PackageStore, 'deprecate'> {
  return {
    deprecate: ({name, version, message}, credential, by, now) =>
      port.write(function* () {
        const denial = yield* denialOf(credential, name, ['deprecate'], now)
        if (denial) return denial
        const changed = yield* findPackage(name)
        if (!changed) return 'package-unknown'
        const row = version === undefined ? undefined : yield* findAvailable(changed.id, version)
        if (typeof row === 'string') return row
        if (!(yield* spendUse(credential))) return 'spent'
        const deprecated = row
          ? tables.updateTable('versions').set({deprecated: message}).where('id', '=', row.id)
          : tables.updateTable('packages').set({deprecated: message}).where('id', '=', changed.id)
        const target = version === undefined ? name : `${name}@${version}`
        const change = recordChange({at: now, action: 'package.deprecate', by, target, detail: {message}})
        yield* together([run(deprecated), touch(changed, now), change])
        return 'done'
      }),
  }
}
