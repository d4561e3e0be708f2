import satisfies from 'semver/functions/satisfies.js'

import type {Check} from '../check.js'
import {ok, problem} from '../finding.js'

export const nodeCheck: Check = {
  name: 'node',
  title: 'Node.js',
  async run({program}) {
    if (satisfies(process.version, program.node)) return [ok(process.version)]
    return [problem(`${process.version} is not supported; apkg requires ${program.node}`, 'install a newer Node.js')]
  },
}
