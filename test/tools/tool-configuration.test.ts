import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {toolConfigurationIn} from '@apkg/package-format/conversion'

import {toolTraits} from '../../src/tools/tool-traits.js'

describe('files by which tools are detected', () => {
  for (const {title, marks} of Object.values(toolTraits)) {
    it(`tool configuration: a package has none for ${title} below its root`, () => {
      for (const mark of marks) {
        for (const path of [`a/${mark}`, `a/b/${mark.toUpperCase()}`]) {
          assert.deepEqual(toolConfigurationIn([path]).nested, [path])
        }
      }
    })
  }
})
