import assert from 'node:assert/strict'
import {readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {changeConfig, readConfig} from '../../src/config/config-file.js'
import {tempHome} from '../support/temp-home.js'

/** As the original client writes it, with a line break at the end. */
const original = `{
  "registry": "https://registry.apkg.ai/api/v1/",
  "services": {
    "auth": "https://auth.example.com"
  },
  "defaultSetup": {
    "claude-code": true,
    "cursor": false
  },
  "symlinkClaudeMd": false
}
`

describe('config.json', () => {
  it('is read as the original client wrote it', async (t) => {
    const home = await tempHome(t)
    await home.write('config.json', original, 0o644)
    assert.deepEqual(await readConfig(home.path), {
      registry: 'https://registry.apkg.ai/api/v1/',
      services: {auth: 'https://auth.example.com'},
      defaultSetup: {'claude-code': true, cursor: false},
      symlinkClaudeMd: false,
    })
    assert.equal(await home.read('config.json'), original)
  })

  it('is empty where it does not exist, and is not made by reading', async (t) => {
    const home = await tempHome(t)
    assert.deepEqual(await readConfig(home.path), {})
    await assert.rejects(readFile(home.file('config.json')), {code: 'ENOENT'})
  })

  it('is empty where a folder on its path is none', async (t) => {
    const home = await tempHome(t)
    await writeFile(home.file(''), 'a file')
    assert.deepEqual(await readConfig(home.path), {})
    assert.deepEqual(await readConfig(`${home.file('')}/below`), {})
  })

  for (const home of ['', '.', 'relative/home', '~', './x']) {
    it(`has no place in the home ${JSON.stringify(home)}, and makes none`, async () => {
      const expected = {
        code: 'HOME_UNUSABLE',
        exitCode: 1,
        message: `The home directory \`${home}\` is not an absolute path, so ~/.apkg cannot be located`,
        suggestions: ['set HOME to the absolute path of your home directory'],
      }
      await assert.rejects(readConfig(home), expected)
      await assert.rejects(
        changeConfig(home, (config) => config),
        expected,
      )
      await assert.rejects(stat(path.join(home, '.apkg')), {code: 'ENOENT'})
    })
  }

  it('keeps the keys that apkg does not know, dots and prototypes in their names included', async (t) => {
    const home = await tempHome(t)
    const others = '"a.b": {"c.d": [1, null]}, "__proto__": {"x": 1}, "constructor": "y"'
    await home.write('config.json', `{${others}, "services": {"future.service": "https://f.example"}}`)
    await changeConfig(home.path, (config) => ({...config, registry: 'https://r.example'}))
    assert.deepEqual(
      JSON.parse(await home.read('config.json')),
      JSON.parse(`{${others}, "registry": "https://r.example", "services": {"future.service": "https://f.example"}}`),
    )
    assert.deepEqual(await home.names(), ['config.json'])
    assert.equal(await home.mode('config.json'), '0600')
    assert.equal(await home.mode(), '0700')
  })

  it('leaves out what is empty, as the original client does', async (t) => {
    const home = await tempHome(t)
    const config = await changeConfig(home.path, () => ({services: {}, defaultSetup: {}, symlinkClaudeMd: true}))
    assert.deepEqual(config, {symlinkClaudeMd: true})
    assert.equal(await home.read('config.json'), '{\n  "symlinkClaudeMd": true\n}')
  })

  it('is left alone when the change is refused', async (t) => {
    const home = await tempHome(t)
    await home.write('config.json', original)
    const refusal = new Error('refused')
    const refuse = () => {
      throw refusal
    }
    await assert.rejects(changeConfig(home.path, refuse), (error) => error === refusal)
    assert.equal(await home.read('config.json'), original)
  })

  it('takes changes that are made at once one after the other', async (t) => {
    const home = await tempHome(t)
    const tools = ['claude-code', 'codex', 'cursor', 'kiro', 'windsurf']
    const turnOn = (tool: string) =>
      changeConfig(home.path, (config) => ({...config, defaultSetup: {...config.defaultSetup, [tool]: true}}))
    await Promise.all(tools.map(turnOn))
    assert.deepEqual((await readConfig(home.path)).defaultSetup, Object.fromEntries(tools.map((tool) => [tool, true])))
  })

  for (const [what, content, reason] of [
    ['cut off', original.slice(0, -5), 'it is not JSON'],
    ['empty', '', 'it is empty'],
    ['null', 'null', 'it does not hold what it should'],
    ['a list', '[]', 'it does not hold what it should'],
    ['with a number for the registry', '{"registry": 1}', 'it does not hold what it should'],
    ['with a list of services', '{"services": []}', 'it does not hold what it should'],
    ['with a service that is no string', '{"services": {"auth": null}}', 'it does not hold what it should'],
    ['with a setup that is no boolean', '{"defaultSetup": {"cursor": "yes"}}', 'it does not hold what it should'],
    ['with a text for a boolean', '{"symlinkClaudeMd": "true"}', 'it does not hold what it should'],
  ] as const) {
    it(`that is ${what} is named and left as it is`, async (t) => {
      const home = await tempHome(t)
      await home.write('config.json', content)
      const file = home.file('config.json')
      const expected = {
        code: 'FILE_DAMAGED',
        exitCode: 1,
        message: `${file} is damaged: ${reason}. It was left unchanged`,
        suggestions: [`fix it, or move it away: \`mv ${file} ${file}.damaged\``],
      }
      await assert.rejects(readConfig(home.path), expected)
      await assert.rejects(
        changeConfig(home.path, () => ({})),
        expected,
      )
      assert.equal(await home.read('config.json'), content)
    })
  }
})
