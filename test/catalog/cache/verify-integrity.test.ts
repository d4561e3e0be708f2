import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {describe, it} from 'node:test'

import {ApkgError} from '@apkg/command-kit'

import {failure} from '../../../src/catalog/failures.js'
import {verifyIntegrity} from '../../../src/catalog/cache/verify-integrity.js'

const chunks = ['first', 'second'].map((text) => Buffer.from(text))
const integrity = `sha256-${createHash('sha256').update(Buffer.concat(chunks)).digest('base64')}`

async function* source(): AsyncGenerator<Uint8Array> {
  yield* chunks
}

/** Reads to the end or to an error, and returns what was read with that error. */
async function read(expected: string): Promise<{passed: Uint8Array[]; error: unknown}> {
  const passed: Uint8Array[] = []
  const mismatch = (actual: string) =>
    failure('INTEGRITY_MISMATCH', {name: '@a/x', version: '1.0.0', registry: 'https://r.example', expected, actual})
  try {
    for await (const chunk of verifyIntegrity(source(), expected, mismatch)) passed.push(chunk)
  } catch (error) {
    return {passed, error}
  }
  return {passed, error: undefined}
}

describe('verifyIntegrity', () => {
  it('verifyIntegrity: passes bytes with the expected hash through unchanged', async () => {
    assert.deepEqual(await read(integrity), {passed: chunks, error: undefined})
  })

  it('verifyIntegrity: fails after the last byte if the hash differs, and reports the actual one', async () => {
    const {passed, error} = await read(`sha256-${Buffer.alloc(32).toString('base64')}`)
    assert.deepEqual(passed, chunks)
    assert.ok(error instanceof ApkgError && error.code === 'INTEGRITY_MISMATCH')
    assert.ok(error.message.includes(integrity))
  })
})
