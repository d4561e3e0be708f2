import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {isPackageName} from '@apkg/package-format'
import fc from 'fast-check'

import {definitionNames, flatName} from '../../src/conversion/flat-name.js'

const device = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/** Names that are very similar, and long ones. */
const packageNames = fc
  .tuple(
    fc.oneof(fc.stringMatching(/^[a-c-]{1,4}$/), fc.constantFrom('con', 'nul', 'acme-corp', '-', '0')),
    fc.oneof(
      fc.stringMatching(/^[a-c]([a-c._-]{0,5}[a-c])?$/),
      fc.stringMatching(/^[a-z0-9]{50,120}$/),
      fc.stringMatching(/^[a-c]-[0-9a-f]{8}$/),
      fc.stringMatching(/^[0-9a-f]{8}$/),
    ),
  )
  .chain(([scope, bare]) => fc.constantFrom(`@${scope}/${bare}`, bare, `${scope}-${bare}`))
  .filter(isPackageName)

describe('flatName', () => {
  it('flatName: joins scope and name, and adds a digest if the result could be ambiguous', () => {
    assert.equal(flatName('@acme/code-review'), 'acme-code-review')
    assert.match(flatName('@acme-code/review'), /^acme-code-review-[0-9a-f]{8}$/)
    assert.match(flatName('@acme/code.review'), /^acme-code-review-[0-9a-f]{8}$/)
    assert.match(flatName('@acme/code--review'), /^acme-code-review-[0-9a-f]{8}$/)
    assert.match(flatName('@acme/review-deadbeef'), /^acme-review-deadbeef-[0-9a-f]{8}$/)
    assert.match(flatName('@acme/deadbeef'), /^acme-deadbeef-[0-9a-f]{8}$/)
    assert.equal(flatName('review'), 'review')
    assert.match(flatName('acme-review'), /^acme-review-[0-9a-f]{8}$/)
    assert.match(flatName('deadbeef'), /^deadbeef-[0-9a-f]{8}$/)
  })

  it('flatName: is a valid skill name, and not a Windows device name', () => {
    fc.assert(
      fc.property(packageNames, (name) => {
        const flat = flatName(name)
        assert.match(flat, /^[a-z0-9]+(-[a-z0-9]+)*$/)
        assert.ok(flat.length <= 64, flat)
        assert.doesNotMatch(flat, device)
      }),
      {numRuns: 1000},
    )
  })

  it('flatName: is unique', () => {
    fc.assert(
      fc.property(fc.uniqueArray(packageNames, {minLength: 2, maxLength: 40}), (names) => {
        assert.equal(new Set(names.map(flatName)).size, names.length)
      }),
      {numRuns: 500},
    )
  })
})

const stems = fc.oneof(
  fc.string({unit: 'grapheme', minLength: 1}),
  fc.stringMatching(/^[aA][ _-]?[bB]$/),
  fc.constantFrom('con', 'NUL', 'ä', 'ö', '日本', 'a-b', 'a b', 'x'.repeat(250), `${'x'.repeat(250)}y`, 'a-b-deadbeef'),
)

describe('definitionNames', () => {
  it('definitionNames: returns the flat name, or appends two hyphens and the file name', () => {
    assert.deepEqual(definitionNames('acme-tools', ['Whatever!']), ['acme-tools'])
    assert.deepEqual(definitionNames('acme-tools', ['Code Review', 'b']), ['acme-tools--code-review', 'acme-tools--b'])
  })

  it('definitionNames: are unique within and across packages, and short enough for a file name', () => {
    fc.assert(
      fc.property(fc.uniqueArray(packageNames, {maxLength: 5}), fc.uniqueArray(stems, {minLength: 1}), (names, own) => {
        const all = names
          .map(flatName)
          .flatMap((flat) => [...definitionNames(flat, own), ...(own.length > 1 ? [flat] : [])])
        assert.equal(new Set(all).size, all.length)
        for (const name of all) assert.match(name, /^[a-z0-9-]{1,160}$/)
      }),
      {numRuns: 500},
    )
  })
})
