import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Config} from '@oclif/core'

import ApkgHelp from '../../src/entry/help.js'
import {repository as root} from '../support/repository.js'

/** What help prints for some words, in so many columns. */
async function help(words: string[], {maxWidth = 80, all = false, plugin}: Partial<Options> = {}): Promise<string> {
  const config = await Config.load({root, userPlugins: false})
  const printed: string[] = []
  class Printed extends ApkgHelp {
    protected override get sortedCommands() {
      const [some, ...others] = super.sortedCommands
      return some && plugin ? [{...some, ...plugin}, some, ...others] : super.sortedCommands
    }
    protected override log(text: string): void {
      printed.push(text)
    }
  }
  await new Printed(config, {maxWidth, all, stripAnsi: true}).showHelp(words)
  return printed.join('\n')
}

interface Options {
  maxWidth: number
  all: boolean
  plugin: {id: string; summary: string}
}

describe('help', () => {
  it('has a line for each command that stands alone and for each topic, by purpose', async () => {
    const text = await help(['--help'])
    assert.match(
      text,
      /^Manage packages for AI tooling.*\n\nUSAGE\n {2}\$ apkg \[COMMAND\]\n\nUSE PACKAGES\n {2}search {8}Search the/,
    )
    assert.match(text, /\n\nACCOUNTS AND TOKENS\n(.*\n){3} {2}token {9}Create, list and revoke API tokens/)
    assert.doesNotMatch(text, /token create {2}|\bstart {2}|\bcomplete {2}|\bi {2}|FROM PLUGINS/)
    assert.ok(text.split('\n').every((line) => line.length <= 80))
  })

  it('has a line for every command where all are wanted, without its other names', async () => {
    const text = await help(['--help'], {all: true})
    assert.match(text, /\n {2}token create +Create an API token/)
    assert.match(text, /\n {2}dist-tag ls +/)
    assert.doesNotMatch(text, /\n {2}(uninstall|dist-tag list|start|complete) +/)
  })

  it('shows what plugins bring after what is ours', async () => {
    const text = await help(['--help'], {plugin: {id: 'hello', summary: 'Greet <%= config.bin %>.'}})
    assert.match(text, /\n\nFROM PLUGINS\n {2}hello {9}Greet apkg\.\n\nMORE\n/)
  })

  it('breaks lines where a terminal ends, whatever they are made of', async () => {
    const summaries = [
      'One word after another, up to the end.',
      'Ein Wort nach dem \u{1F600} andern, ü bis zum Ende.',
      'x'.repeat(70),
    ]
    for (const summary of summaries) {
      const text = await help(['--help'], {maxWidth: 40, plugin: {id: 'hello', summary}})
      const [, lines = ''] = /FROM PLUGINS\n {2}hello {9}([^]*?)\n\nMORE/.exec(text) ?? []
      assert.ok(lines.split('\n').length > 1, text)
      assert.equal(lines.replaceAll(/\n? +|\n/g, ''), summary.replaceAll(' ', ''))
      assert.ok(text.split('\n').every((line) => line.length <= 40))
    }
  })

  it('of a command is what oclif makes of it', async () => {
    const text = await help(['token', 'create'], {maxWidth: 60})
    assert.match(text, /\n {2}--label=<name> {16}A name to recognize the\n {32}token by \(also --name\)\./)
    assert.match(text, /EXAMPLES\n {2}\$ apkg token create --label ci-deploy/)
  })
})
