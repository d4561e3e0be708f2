import {it} from 'node:test'

import {hostileArchives} from '../../../packages/package-format/test/hostile-archives.js'
import {assertStaysInside} from './hostile-archive.js'

for (const archive of hostileArchives.filter(({isLarge}) => isLarge)) {
  it(`unpack: writes nothing outside of its directory for a hostile archive: ${archive.name}`, (t) =>
    assertStaysInside(t, archive))
}
