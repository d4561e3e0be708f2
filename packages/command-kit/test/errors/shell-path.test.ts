import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it} from 'node:test'

import {failure} from '../../src/errors/define-failures.js'
import {inspectCommand, moveCommand} from '../../src/errors/shell-path.js'
import {tempHome} from '../support/temp-home.js'

describe('a hint with a path', () => {
  it('hint with a path: names the nearest existing directory, quoted for a shell', async (t) => {
    const home = await tempHome(t)
    await home.write("it's mine/file", '')
    const quoted = `'${home.file("it's mine").replace("'", `'\\''`)}'`
    const missing = path.join(home.file("it's mine"), 'one', 'two')
    assert.deepEqual(failure('FILE_UNWRITABLE', {path: missing, reason: 'permission denied'}).suggestions, [
      `check its owner, its permissions and the free disk space: \`ls -ld ${quoted}\``,
    ])
    const below = home.file("it's mine/file/below")
    assert.match(failure('FILE_UNREADABLE', {path: below, reason: 'no'}).suggestions[0] ?? '', /file'`$/)
  })

  it('hint with a path: does not quote a simple path', () => {
    const [move] = failure('FILE_DAMAGED', {path: '/home/ada/.apkg/config.json', reason: 'it is empty'}).suggestions
    assert.equal(
      move,
      'fix it, or move it out of the way: `mv /home/ada/.apkg/config.json /home/ada/.apkg/config.json.damaged`',
    )
  })

  it('hint with a path: is written for PowerShell and cmd on Windows', () => {
    const file = String.raw`C:\Users\Ada L\it's.json`
    assert.equal(inspectCommand(file, 'win32'), `icacls "${file}"`)
    assert.equal(moveCommand(String.raw`C:\a`, `${file}.moved`, 'win32'), `move ${String.raw`C:\a`} "${file}.moved"`)
    assert.equal(moveCommand('/a', '/b c', 'linux'), "mv /a '/b c'")
  })
})
