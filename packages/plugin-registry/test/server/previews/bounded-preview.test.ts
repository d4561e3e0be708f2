import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {boundedPreview} from '../../../src/server/previews/bounded-preview.js'
import type {Preview, PreviewFile, SafeHtml} from '../../../src/server/previews/preview.js'

const file = (path: string): PreviewFile => ({path, size: 0, digest: '0', isExecutable: false, kind: 'text'})

/** A preview whose parts take these many bytes, about. */
function previewOf({files = 0, toolFiles = 0, readme = 0, grant = 1}): Preview {
  const toolFile = {path: 'p'.repeat(toolFiles), isExecutable: false, size: 0, grants: [], limits: []}
  const none = {items: [], count: 0}
  const grants = ['g'.repeat(grant)]
  const tool = {name: 'a', title: 'A', files: {items: [toolFile], count: 1}, grants, refused: none, adjustments: none}
  const html = 'r'.repeat(readme) as SafeHtml
  return {apkg: '0.1.0', readme: html, files: [file('p'.repeat(files))], tools: [tool], traits: []}
}

const mebibyte = 1024 * 1024

describe('the size of previews', () => {
  it('preview: loses the files of tools, then its files, then its readme, and keeps what tools do without asking', () => {
    const shapeOf = (preview: Preview) => {
      const found = boundedPreview(preview)
      if (!found) return undefined
      const {files, tools, readme} = found.preview
      assert.ok(found.space + JSON.stringify(found.preview).length <= 2 * mebibyte)
      assert.ok(tools[0]!.grants.length === 1 && tools[0]!.files.count === 1)
      return [tools[0]!.files.items.length === 1, files !== 'too-many', readme !== null]
    }
    assert.deepEqual(shapeOf(previewOf({})), [true, true, true])
    assert.deepEqual(shapeOf(previewOf({toolFiles: 2 * mebibyte})), [false, true, true])
    assert.deepEqual(shapeOf(previewOf({files: 2 * mebibyte})), [false, false, true])
    assert.deepEqual(shapeOf(previewOf({readme: 2 * mebibyte})), [false, false, false])
    assert.equal(shapeOf(previewOf({grant: 2 * mebibyte})), undefined)
  })
})
