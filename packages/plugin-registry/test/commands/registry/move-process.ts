/** Runs `registry move` in a process that kills itself after a step: `move-process.js <step> <data> <database> <blobs>`. */

import {moveRegistry} from '../../../src/operator/move-registry.js'
import type {Place} from '../../../src/operator/place.js'

const [killedAfter, data, database, blobs] = process.argv.slice(2)
const output = {write: () => {}, isTTY: false, columns: 80} as never
const ports = {env: process.env, home: '/nonexistent', now: () => new Date()}
const place: Place = {flags: {data}, version: '0.1.0', ports}
await moveRegistry(
  place,
  {database, blobs},
  {
    beforeClosing: () => Promise.resolve(),
    stderr: output,
    onStep: (step) => {
      if (step === killedAfter) process.kill(process.pid, 'SIGKILL')
    },
  },
)
