import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {isToolTarget, toolOfPlugin} from '../../src/tools/plugin-tool.js'
import type {SetUpPackage} from '../../src/tools/tool.js'

const target = {name: 'qwen-code', title: 'Qwen Code', folder: '.qwen', place: {}}
const setUp: SetUpPackage = {
  name: '@ada/tool',
  version: '1.0.0',
  type: 'command',
  description: '',
  flatName: 'ada-tool',
  files: [],
  definitions: [],
}

/** The placement of a command whose files a plugin chooses. */
function placement(place: () => unknown): unknown {
  return toolOfPlugin({...target, place: {command: place as () => {files: []}}}).place.command(setUp)
}

describe('a tool of a plugin', () => {
  for (const [change, isTool] of [
    [{}, true],
    [{name: 'codex'}, false],
    [{name: 'Qwen'}, false],
    [{title: undefined}, false],
    [{folder: '.claude'}, false],
    [{folder: '.git'}, false],
    [{folder: '.apkg'}, false],
    [{folder: 'qwen'}, false],
    [{folder: '../.qwen'}, false],
    [{place: undefined}, false],
  ] as const) {
    it(`plugin tool: is ${isTool ? 'accepted' : 'rejected'} with ${JSON.stringify(change)}`, () => {
      assert.equal(isToolTarget({...target, ...change}), isTool)
    })
  }

  it('plugin tool: can place files in its own directory, or report a package as unsupported', () => {
    const files = [{path: '.qwen/commands/ada-tool.md', content: ''}]
    assert.deepEqual(
      placement(() => ({files})),
      {files},
    )
    assert.deepEqual(
      placement(() => ({unsupported: 'it has no command'})),
      {unsupported: 'it has no command'},
    )
  })

  for (const path of [
    'commands/a.md',
    '/etc/passwd',
    '.qwen',
    '.qwen/',
    '.qwen/../.git/hooks/post-commit',
    '.qwen/./a',
    '.qwen//a',
    '.qwen\\a',
    '.qwen/a\\..\\b',
    '.qwen/a\nb',
    '.qwen/c:d',
    '.qwen/nul.md',
    '.qwen/.hidden',
    '.qwen/a.',
    '.Qwen/a',
    `.qwen/${'a'.repeat(240)}`,
  ]) {
    it(`plugin tool: cannot place a file at ${JSON.stringify(path.slice(0, 40))}`, () => {
      const reason = `the plugin for Qwen Code failed: \`${path}\` is not a valid path in .qwen/`.replace(
        '\n',
        '\\u{a}',
      )
      assert.deepEqual(
        placement(() => ({files: [{path, content: ''}]})),
        {unsupported: reason},
      )
    })
  }

  it('plugin tool: does not fail the setup if it throws, returns something invalid, or does not support a type', () => {
    const failed = (reason: string) => ({unsupported: `the plugin for Qwen Code failed: ${reason}`})
    const throws = () => {
      throw new Error('it broke')
    }
    assert.deepEqual(placement(throws), failed('it broke'))
    for (const result of [undefined, null, 7, Promise.resolve({files: []}), {files: 'all'}]) {
      assert.deepEqual(
        placement(() => result),
        failed('it must return `{files}` or `{unsupported}`'),
      )
    }
    for (const file of [null, {path: '.qwen/a'}, {path: '.qwen/a', content: '', isExecutable: 'yes'}]) {
      assert.deepEqual(
        placement(() => ({files: [file]})),
        failed('a file must be `{path, content}`'),
      )
    }
    assert.deepEqual(toolOfPlugin(target).place.rule(setUp), {
      unsupported: 'Qwen Code does not support packages of type rule',
    })
  })
})
