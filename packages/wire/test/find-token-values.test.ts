import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {findTokenValues} from '../src/index.js'

const token = 'apkgt_000000000000000000000000000000002pAAls'
const session = 'apkgs_000000000000000000000000000000001rZOQU'
const refresh = 'apkgr_000000000000000000000000000000001C8an6'
const hosted = 'apkg_abcdefghijklmnopqrst'
const webToken = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'

describe('values in a text', () => {
  const cases: [text: string, found: string[]][] = [
    [token, [token]],
    [`APKG_TOKEN=${token}`, [token]],
    [`export APKG_TOKEN='${token}' # ci`, [token]],
    [`"accessToken":"${session}","refreshToken":"${refresh}"`, [session, refresh]],
    [`https://ada:${token}@registry.example.com/`, [token]],
    [`Bearer ${token}.`, [token]],
    [`${token}\\n${token}`, [token]],
    [`x${token}Done`, [token]],
    [`token: ${hosted}.`, [`${hosted}.`, hosted]],
    [`Authorization: Bearer ${webToken}`, [webToken]],
    [`at ${webToken}. Next`, [webToken]],
    [token.slice(0, -1), []],
    [token.replace('0', '1'), []],
    ['apkg_packages/@acme/tool', []],
    ['src/index.js.map eyJ.x.y', []],
    ['', []],
  ]
  for (const [text, found] of cases) {
    it(`values in a text: ${JSON.stringify(text)} has ${found.length}`, () => {
      assert.deepEqual(findTokenValues(text), found)
    })
  }
})
