import {randomBytes} from 'node:crypto'
import {it} from 'node:test'

import {assertLossless} from './support/lossless.js'

it('compression: is lossless for random bytes and text that are each larger than the window', () =>
  assertLossless(Buffer.concat([randomBytes(9_000_000), Buffer.alloc(9_000_000, 'abc')])))
