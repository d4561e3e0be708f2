import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {it} from 'node:test'

import {Config} from '@oclif/core'

import {root} from '../workspace.js'
import {story} from './story.js'

it('README: starts with a recording of commands that exist', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, image] = /^!\[[^\]]+\]\((docs\/images\/[^)]+\.svg)\)$/m.exec(readme.slice(0, 600)) ?? []
  assert.ok(image, 'the README does not start with an image')
  const svg = await readFile(join(root, image), 'utf8')
  assert.ok(svg.startsWith('<svg ') && svg.length < 200_000)
  const shown = svg
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll(/\s+/g, ' ')
  const config = await Config.load({root, userPlugins: false})
  for (const {line} of story) {
    const [, words = ''] = /apkg ([a-z -]+?)(?= --| *$|  |\)|$)/.exec(line) ?? []
    const id = words.trim().split(' ')
    assert.ok(config.findCommand(id.join(':')) ?? config.findCommand(id.slice(0, 2).join(':')), `${line}: ${words}`)
    for (const word of line.split(' ').filter((each) => /^[a-z]+$/.test(each))) assert.ok(shown.includes(word), word)
  }
  assert.doesNotMatch(shown, /apkgt_[0-9A-Za-z]{38}/)
})

it('docs/images: each screenshot shows its text in the visible part, for a dark and a light background', async () => {
  const folder = join(root, 'docs/images')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.svg') && name !== 'main-job.svg')
  const dark = names.filter((name) => !name.endsWith('-light.svg'))
  assert.ok(dark.length >= 10, names.join())
  assert.deepEqual(names.toSorted(), dark.flatMap((name) => [name, name.replace('.svg', '-light.svg')]).toSorted())
  for (const name of names) {
    const [, frame = ''] = /<svg x="0"><use[^>]*><\/use>(.*)/.exec(await readFile(join(folder, name), 'utf8')) ?? []
    assert.match(frame, /^<text x="0" y="[\d.]+" class="\w+">\$<\/text>/, name)
  }
})
