import type {PackageStore} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {denialOf} from './package-authority.js'
import {findPackage, findVersion, touch} from './package-rows.js'

export function createDeprecation(connection: Connection): Pick<PackageStore, 'deprecate'> {
  return {
    deprecate: ({name, version, message}, credential, by, now) =>
      connection.write(() => {
        const denial = denialOf(connection, credential, name, now)
        if (denial) return denial
        const changed = findPackage(connection, name)
        if (!changed) return 'package-unknown'
        if (version === undefined) {
          connection.run(
            connection.build.updateTable('packages').set({deprecated: message}).where('id', '=', changed.id),
          )
        } else {
          const row = findVersion(connection, changed.id, version)
          if (!row) return 'version-unknown'
          if (row.taken_down_at !== null) return 'taken-down'
          connection.run(connection.build.updateTable('versions').set({deprecated: message}).where('id', '=', row.id))
        }
        touch(connection, changed, now)
        const target = version === undefined ? name : `${name}@${version}`
        recordChange(connection, {at: now, action: 'package.deprecate', by, target, detail: {message}})
        return 'done'
      }),
  }
}
