import {type Port, run, together} from '../port.js'
import type {PackageStore} from '../store.js'
import {recordChange} from './audit.js'
import {denialOf} from './package-authority.js'
import {findPackage, findVersion, touch} from './package-rows.js'
import {tables} from './tables.js'

export function createDeprecation(port: Port): Pick<PackageStore, 'deprecate'> {
  return {
    deprecate: ({name, version, message}, credential, by, now) =>
      port.write(function* () {
        const denial = yield* denialOf(credential, name, ['deprecate'], now)
        if (denial) return denial
        const changed = yield* findPackage(name)
        if (!changed) return 'package-unknown'
        if (version === undefined) {
          yield* run(tables.updateTable('packages').set({deprecated: message}).where('id', '=', changed.id))
        } else {
          const row = yield* findVersion(changed.id, version)
          if (!row) return 'version-unknown'
          if (row.taken_down_at !== null) return 'taken-down'
          yield* run(tables.updateTable('versions').set({deprecated: message}).where('id', '=', row.id))
        }
        const target = version === undefined ? name : `${name}@${version}`
        const change = recordChange({at: now, action: 'package.deprecate', by, target, detail: {message}})
        yield* together([...touch(changed, now), change])
        return 'done'
      }),
  }
}
