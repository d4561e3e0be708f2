import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {mkdir, mkdtemp, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'
import {promisify} from 'node:util'

import {Machine, type Outcome} from '../support/machine.js'
import {npmSettings} from '../support/npm-settings.js'
import {password, startRegistry} from '../support/registry.js'
import {repository} from '../support/repository.js'

/** A step of the page: lines of shell, or the content of a file. */
type Step = {lines: string} | {file: string; content: string}

describe('docs/plugins.md: "Your first plugin"', () => {
  it('docs/plugins.md: following "Your first plugin" step by step creates a working plugin', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const machine = await Machine.start(t)
    const env = {...npmSettings(), APKG_REGISTRY: registry.url}
    const {exitCode} = await machine.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: password})
    assert.equal(exitCode, 0)
    const kit = await packKit(machine.home)

    const steps = await readSteps()
    const outcomes: Outcome[] = []
    let cwd = machine.home
    for (const step of steps) {
      if ('file' in step) {
        await mkdir(path.dirname(path.join(cwd, step.file)), {recursive: true})
        await writeFile(path.join(cwd, step.file), step.content)
        continue
      }
      // The page says to do this as long as the kit is not published.
      const lines = step.lines.replace('@apkg/command-kit', kit.join(' '))
      const outcome = await machine.shell(`set -e\n${lines}\npwd >&2`, {env, cwd})
      assert.equal(outcome.exitCode, 0, `${lines}\n${outcome.stdout}\n${outcome.stderr}`)
      cwd = outcome.stderr.trimEnd().split('\n').at(-1) ?? cwd
      outcomes.push(outcome)
    }
    assert.equal(outcomes.length, 3)
    assert.match(
      outcomes[1]?.stdout ?? '',
      /Greet the user you are logged in as\.[^]*HELLO, ADA!\n\{\n {2}"username": "ada"\n\}\n$/,
    )
    assert.match(outcomes[2]?.stdout ?? '', / pass 2$/m)
    assert.match(outcomes[2]?.stderr ?? '', /commands\/hello\.js/)
  })
})

/** The steps of "Your first plugin". The name of a file precedes its content. */
async function readSteps(): Promise<Step[]> {
  const page = await readFile(path.join(repository, 'docs/plugins.md'), 'utf8')
  const [, way = ''] = /^## Your first plugin\n(.*?)^## /ms.exec(page) ?? []
  const blocks = [...way.matchAll(/(?:`([\w./-]+)`:\n\n)?^```(?:sh|js)\n(.*?)^```$/gms)]
  return blocks.map(([, file, text = '']) => (file === undefined ? {lines: text} : {file, content: text}))
}

/** Packs the kit as for publishing. */
async function packKit(folder: string): Promise<string[]> {
  const out = await mkdtemp(path.join(folder, 'kit-'))
  const workspaces = ['-w', '@apkg/wire', '-w', '@apkg/command-kit']
  const args = ['pack', ...workspaces, '--json', '--ignore-scripts', '--pack-destination', out]
  const {stdout} = await promisify(execFile)('npm', args, {cwd: repository})
  const packed = Object.values(JSON.parse(stdout) as Record<string, {filename: string}>)
  return packed.map(({filename}) => path.join(out, filename))
}
