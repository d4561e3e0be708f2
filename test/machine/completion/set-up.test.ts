import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Autocomplete from '../../../src/commands/autocomplete.js'
import {completionScript} from '../../../src/machine/completion/shell.js'
import {failureOf, seen} from '../../support/command.js'
import {makeTree} from '../../support/make-tree.js'
import {treeOf} from '../../support/tree.js'
import {config} from '../../support/oclif-config.js'
import {runCommand, type World} from '../../support/run-command.js'

async function runIn(t: TestContext) {
  const home = await makeTree(t, {})
  const run = (command: typeof Autocomplete, argv: string[], world: Partial<World> = {}) =>
    runCommand(command, argv, config, {home, ...world})
  return {home, run}
}

describe('autocomplete', () => {
  it('autocomplete: writes the script and the line that loads it, once', async (t) => {
    const {home, run} = await runIn(t)
    const first = await run(Autocomplete, ['--yes', '--json'], {env: {SHELL: '/bin/bash'}})
    const script = path.join(home, '.apkg/completion/apkg.bash')
    const file = path.join(home, '.bashrc')
    const {line, ...rest} = JSON.parse(first.stdout) as Record<string, string>
    assert.deepEqual(rest, {shell: 'bash', status: 'added', script, file})
    assert.equal(await readFile(file, 'utf8'), `\n# Added by apkg\n${line}\n`)
    assert.equal(await readFile(script, 'utf8'), completionScript('bash'))
    assert.equal((await stat(path.dirname(script))).mode & 0o777, 0o700)
    const before = await treeOf(home)
    const again = await run(Autocomplete, [], {env: {SHELL: '/bin/bash'}})
    assert.deepEqual(seen(again), {
      stdout: '',
      stderr: `Completion for bash is already set up: ${script}\n`,
      exitCode: 0,
    })
    assert.deepEqual(await treeOf(home), before)
  })

  it('autocomplete: updates an outdated script without asking', async (t) => {
    const {home, run} = await runIn(t)
    await run(Autocomplete, ['zsh', '--yes'])
    const script = path.join(home, '.apkg/completion/apkg.zsh')
    const file = await readFile(path.join(home, '.zshrc'), 'utf8')
    await writeFile(script, '#compdef apkg\nold')
    const {stderr} = await run(Autocomplete, ['zsh'])
    assert.equal(stderr, `Updated ${script}\n`)
    assert.equal(await readFile(script, 'utf8'), completionScript('zsh'))
    assert.equal(await readFile(path.join(home, '.zshrc'), 'utf8'), file)
  })

  it("autocomplete: puts fish's script where fish finds it, but never replaces an unmanaged file", async (t) => {
    const {home, run} = await runIn(t)
    const env = {XDG_CONFIG_HOME: path.join(home, 'config')}
    assert.equal((await run(Autocomplete, ['fish', '--yes'], {env})).exitCode, 0)
    const script = path.join(home, 'config/fish/completions/apkg.fish')
    assert.equal(await readFile(script, 'utf8'), completionScript('fish'))
    await writeFile(script, 'mine')
    const {exitCode, stderr} = await run(Autocomplete, ['fish', '--yes'], {env})
    assert.deepEqual([exitCode, await readFile(script, 'utf8')], [1, 'mine'])
    assert.match(
      stderr,
      /apkg\.fish already exists and was not created by apkg\n {2}hint: move it out of the way: `mv /,
    )
  })

  it('autocomplete: fails if the directory for the script cannot be created', async (t) => {
    if (!existsSync('/proc/self')) {
      t.skip('/proc does not exist')
      return
    }
    const {run} = await runIn(t)
    const env = {XDG_CONFIG_HOME: '/proc/nowhere/config'}
    const {code, message} = failureOf(await run(Autocomplete, ['fish', '--yes', '--json'], {env}))
    assert.equal(code, 'FILE_UNWRITABLE')
    assert.match(message, /^Cannot write \/proc\/nowhere\/config\/fish\/completions\/apkg\.fish: no such file/)
  })

  it('autocomplete: asks on a terminal, and otherwise changes nothing and shows what to do', async (t) => {
    const {home, run} = await runIn(t)
    const asked: string[] = []
    const confirm = (answer: boolean) => ({
      confirm: ({message}: {message: string}) => {
        asked.push(message)
        return Promise.resolve(answer)
      },
    })
    for (const world of [{}, {terminal: true, prompts: confirm(false)}]) {
      const {stdout, stderr, exitCode} = await run(Autocomplete, ['bash'], world)
      assert.deepEqual([stdout, exitCode], ['', 0])
      assert.equal(
        stderr,
        `Nothing was changed. To set up completion for bash, add this line to ${home}/.bashrc:\nsource <(apkg completions bash)\n`,
      )
      assert.deepEqual(Object.keys(await treeOf(home)), [])
    }
    assert.equal((await run(Autocomplete, ['bash'], {terminal: true, prompts: confirm(true)})).exitCode, 0)
    assert.equal(asked.length, 2)
    assert.ok('.bashrc' in (await treeOf(home)))
  })

  it('autocomplete: shows the line for PowerShell, and requires the shell if it is unknown', async (t) => {
    const {home, run} = await runIn(t)
    const shown = await run(Autocomplete, ['--yes', '--json'], {env: {PSModulePath: 'x'}})
    const {status, line} = JSON.parse(shown.stdout) as Record<string, string>
    assert.deepEqual([status, line], ['manual', 'apkg completions powershell | Out-String | Invoke-Expression'])
    assert.match(shown.stderr, /to \$PROFILE:/)
    assert.equal((await run(Autocomplete, [], {env: {SHELL: '/bin/tcsh'}})).exitCode, 2)
    assert.deepEqual(Object.keys(await treeOf(home)), [])
  })
})
