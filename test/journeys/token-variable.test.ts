import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Machine} from '../support/machine.js'
import {startRegistry} from '../support/registry.js'

const word = 'apkgt_0000s3cret'

/** Values that CI systems produce instead of a token, and a word of the expected error. */
const values: [value: string, problem: RegExp][] = [
  [`"${word}"`, /quotation marks/],
  [`'${word}'`, /quotation marks/],
  ['${APKG_TOKEN}', /not expanded/],
  ['${{ secrets.APKG_TOKEN }}', /not expanded/],
  ['***', /placeholder or a masked value/],
  ['undefined', /is a literal such as `undefined`/],
  [`Bearer ${word}`, /authentication scheme/],
  [`${word}\n${word}`, /line break/],
  [`${word} ${word}`, /whitespace/],
  [`${word}é`, /invalid characters/],
]

describe('APKG_TOKEN', () => {
  it('APKG_TOKEN: a value that is not a token exits with 4, says why without quoting it, and nothing is sent', async (t) => {
    const registry = await startRegistry(t)
    const machine = await Machine.start(t)
    for (const [value, problem] of values) {
      const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: value}
      for (const args of [['whoami'], ['token', 'list']]) {
        const {stdout, stderr, exitCode} = await machine.apkg(args, {env})
        assert.deepEqual({stdout, exitCode}, {stdout: '', exitCode: 4}, stderr)
        assert.match(stderr, /^Error: The token from APKG_TOKEN /)
        assert.match(stderr, problem)
        assert.match(stderr, /\n {2}hint: /)
        assert.ok(!stderr.includes('s3cret'), stderr)
      }
    }
    const piped = await machine.apkg(['login', '--with-token'], {
      env: {APKG_REGISTRY: registry.url},
      input: `"${word}"\n`,
    })
    assert.equal(piped.exitCode, 4, piped.stderr)
    assert.match(piped.stderr, /quotation marks/)
    assert.deepEqual(registry.requests, [])
  })
})
