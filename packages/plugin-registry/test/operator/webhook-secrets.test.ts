import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {isApkgError} from '@apkg/command-kit'

import {readWebhookSecrets} from '../../src/operator/webhook-secrets.js'
import {temporaryFolder} from '../support/world.js'

const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(24, 2)]
const line = (secret: Buffer) => `whsec_${secret.toString('base64')}`

function fileWith(t: TestContext, text: string, mode = 0o600): string {
  const file = path.join(temporaryFolder(t), 'webhook-secret')
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

function assertRefused(file: string, reason: RegExp): void {
  assert.throws(
    () => readWebhookSecrets(file),
    (error) => {
      assert.ok(isApkgError(error))
      assert.equal(error.code, 'REGISTRY_WEBHOOK_SECRET_UNUSABLE')
      assert.match(error.message, reason)
      assert.ok(!error.message.includes('whsec_A'))
      return true
    },
  )
}

describe('the file with the secret of webhooks', () => {
  it('webhook secret: is read from each line, even through a link', (t) => {
    const file = fileWith(t, `${line(one)}\r\n\n ${line(two)} \n`)
    assert.deepEqual(readWebhookSecrets(file), [one, two])
    const link = path.join(temporaryFolder(t), 'link')
    symlinkSync(file, link)
    assert.deepEqual(readWebhookSecrets(link), [one, two])
    assert.deepEqual(readWebhookSecrets(fileWith(t, line(one), 0o440)), [one])
  })

  it('webhook secret: is refused if other users can read or change the file', (t) => {
    for (const mode of [0o604, 0o602, 0o620, 0o644, 0o777]) {
      assertRefused(fileWith(t, line(one), mode), /other users can read or change it/)
    }
  })

  it('webhook secret: a FIFO, a directory and a missing file are refused without waiting', (t) => {
    const folder = temporaryFolder(t)
    const fifo = path.join(folder, 'fifo')
    execFileSync('mkfifo', ['-m', '600', fifo])
    assertRefused(fifo, /not a regular file/)
    mkdirSync(path.join(folder, 'folder'), {mode: 0o700})
    assertRefused(path.join(folder, 'folder'), /not a regular file/)
    assertRefused(path.join(folder, 'missing'), /no such file/i)
  })

  it('webhook secret: a large, an empty or a malformed file is refused', (t) => {
    assertRefused(fileWith(t, `${line(one)}\n`.repeat(100)), /larger than 4096 bytes/)
    assertRefused(fileWith(t, ' \n'), /it is empty/)
    const malformed = [
      one.toString('base64'),
      'whsec_',
      line(Buffer.alloc(23)),
      line(Buffer.alloc(65)),
      `${line(one)} # ours`,
      `${line(one)}\nwhsec_short`,
      `whsec_${one.toString('base64').replace('A', '*')}`,
    ]
    for (const text of malformed) assertRefused(fileWith(t, text), /each line must be `whsec_`/)
  })
})
