import assert from 'node:assert/strict'
import {PassThrough} from 'node:stream'
import {describe, it} from 'node:test'

import {readAll} from '../../src/ports/stdin.js'

const asStdin = (stream: PassThrough) => stream as unknown as NodeJS.ReadStream

describe('standard input', () => {
  it('standard input: is read to its end, even if characters are split between chunks', async () => {
    const stream = new PassThrough()
    const [first, second] = [Buffer.from('pä').subarray(0, 2), Buffer.from('pä').subarray(2)]
    stream.write(first)
    setTimeout(() => stream.end(Buffer.concat([second, Buffer.from('ss\nword\n')])), 20)
    assert.equal(await readAll(asStdin(stream), 'a password'), 'päss\nword\n')
    assert.equal(stream.destroyed, true)
  })

  it('standard input: can be empty', async () => {
    assert.equal(await readAll(asStdin(new PassThrough().end()), 'a password'), '')
  })

  it('standard input: causes an error that names the expected input if no byte arrives', async () => {
    const stream = new PassThrough()
    await assert.rejects(readAll(asStdin(stream), 'a password', 30), {
      code: 'STDIN_SILENT',
      exitCode: 2,
      message: 'Timed out after 0.03 seconds waiting for a password on standard input',
      suggestions: ['pipe a password into the command'],
    })
    assert.equal(stream.destroyed, true)
  })

  it('standard input: can be slow after the first byte', async () => {
    const stream = new PassThrough()
    stream.write('a')
    setTimeout(() => stream.end('b'), 80)
    assert.equal(await readAll(asStdin(stream), 'a password', 30), 'ab')
  })
})
