import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {it} from 'node:test'

import {Sha256, sha256Of} from '../../src/files/sha256.js'

const bytes = randomBytes(3000)
const expected = createHash('sha256').update(bytes).digest('hex')

for (const [what, chunks] of [
  ['one chunk', [bytes]],
  ['two chunks', [bytes.subarray(0, 1000), bytes.subarray(1000)]],
  ['several chunks, some of them empty', [Buffer.alloc(0), bytes.subarray(0, 1), Buffer.alloc(0), bytes.subarray(1)]],
] as const) {
  it(`Sha256: hashes ${what}`, () => {
    const hash = new Sha256()
    for (const chunk of chunks) hash.update(chunk)
    assert.equal(hash.hex(), expected)
  })
}

it('Sha256: hashes nothing', () => {
  assert.equal(new Sha256().hex(), createHash('sha256').digest('hex'))
  assert.equal(sha256Of(bytes), expected)
})
