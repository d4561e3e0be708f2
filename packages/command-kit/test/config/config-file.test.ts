import assert from 'node:assert/strict'
import {readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {changeConfig, readConfig} from '../../src/config/config-file.js'
import {tempHome} from '../support/temp-home.js'

/** In the format of the original client, with a newline at the end. */
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
  it('config.json: can be in the format of the original client, and reading does not change it', async (t) => {
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

  it('config.json: is empty if it does not exist, and reading does not create it', async (t) => {
    const home = await tempHome(t)
    assert.deepEqual(await readConfig(home.path), {})
    await assert.rejects(readFile(home.file('config.json')), {code: 'ENOENT'})
  })

  it('config.json: is empty if part of its path is not a directory', async (t) => {
    const home = await tempHome(t)
    await writeFile(home.file(''), 'a file')
    assert.deepEqual(await readConfig(home.path), {})
    assert.deepEqual(await readConfig(`${home.file('')}/below`), {})
  })

  for (const home of ['', '.', 'relative/home', '~', './x']) {
    it(`config.json: cannot be in the home directory ${JSON.stringify(home)}, which is not created`, async () => {
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

  it('config.json: keeps unknown keys, including names with dots and names of prototypes', async (t) => {
    const home = await tempHome(t)
    const unknown = '"a.b": {"c.d": [1, null]}, "__proto__": {"x": 1}, "constructor": "y"'
    await home.write('config.json', `{${unknown}, "services": {"future.service": "https://f.example"}}`)
    await changeConfig(home.path, (config) => ({...config, registry: 'https://r.example'}))
    assert.deepEqual(
      JSON.parse(await home.read('config.json')),
      JSON.parse(`{${unknown}, "registry": "https://r.example", "services": {"future.service": "https://f.example"}}`),
    )
    assert.deepEqual(await home.names(), ['config.json'])
    assert.equal(await home.mode('config.json'), '0600')
    assert.equal(await home.mode(), '0700')
  })

  it('config.json: omits empty objects, like the original client', async (t) => {
    const home = await tempHome(t)
    const config = await changeConfig(home.path, () => ({services: {}, defaultSetup: {}, symlinkClaudeMd: true}))
    assert.deepEqual(config, {symlinkClaudeMd: true})
    assert.equal(await home.read('config.json'), '{\n  "symlinkClaudeMd": true\n}')
  })

  it('config.json: is unchanged if the change throws', async (t) => {
    const home = await tempHome(t)
    await home.write('config.json', original)
    const expected = new Error('refused')
    const refuse = () => {
      throw expected
    }
    await assert.rejects(changeConfig(home.path, refuse), (error) => error === expected)
    assert.equal(await home.read('config.json'), original)
  })

  it('config.json: keeps all concurrent changes', async (t) => {
    const home = await tempHome(t)
    const tools = ['claude-code', 'codex', 'cursor', 'kiro', 'windsurf']
    const turnOn = (tool: string) =>
      changeConfig(home.path, (config) => ({...config, defaultSetup: {...config.defaultSetup, [tool]: true}}))
    await Promise.all(tools.map(turnOn))
    assert.deepEqual((await readConfig(home.path)).defaultSetup, Object.fromEntries(tools.map((tool) => [tool, true])))
  })

  for (const [what, content, reason] of [
    ['truncated', original.slice(0, -5), 'it is not JSON'],
    ['empty', '', 'it is empty'],
    ['null', 'null', 'it has unexpected content'],
    ['a list', '[]', 'it has unexpected content'],
    ['with a number for the registry', '{"registry": 1}', 'it has unexpected content'],
    ['with a list of services', '{"services": []}', 'it has unexpected content'],
    ['with a service that is not a string', '{"services": {"auth": null}}', 'it has unexpected content'],
    ['with a setup that is not a boolean', '{"defaultSetup": {"cursor": "yes"}}', 'it has unexpected content'],
    ['with a string instead of a boolean', '{"symlinkClaudeMd": "true"}', 'it has unexpected content'],
  ] as const) {
    it(`config.json: is reported as damaged and left unchanged (${what})`, async (t) => {
      const home = await tempHome(t)
      await home.write('config.json', content)
      const file = home.file('config.json')
      const expected = {
        code: 'FILE_DAMAGED',
        exitCode: 1,
        message: `${file} is damaged: ${reason}. It was left unchanged`,
        suggestions: [`fix it, or move it out of the way: \`mv ${file} ${file}.damaged\``],
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
