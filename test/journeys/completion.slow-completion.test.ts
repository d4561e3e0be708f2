import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {chmod, mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {loggedIn} from '../support/logged-in.js'
import {Machine, program, Terminal} from '../support/machine.js'
import {placePlugin} from '../support/place-plugin.js'
import {publishPackage, sessionOf} from '../support/publish-package.js'
import {powershellGrammar} from '../support/powershell-grammar.js'
import {password} from '../support/registry.js'
import {silentRegistry} from '../support/silent-registry.js'

/** Flags that make each shell read the user's files only. */
const shells: Record<string, string[]> = {
  bash: ['--noprofile', '-i'],
  zsh: ['--no-global-rcs', '-i'],
  fish: ['-i'],
}

/** A completed word with a space, as shells show it. */
const withSpace = String.raw`ci\ deploy`

const commands: [typed: string, shown: string][] = [
  ['apkg whoa', 'apkg whoami '],
  ['apkg install --froz', 'apkg install --frozen-lockfile '],
  ['apkg completions fi', 'apkg completions fish '],
  ['apkg token create --scopes=dep', 'apkg token create --scopes=deprecate '],
  ['apkg --offline config get services.au', 'apkg --offline config get services.auth '],
]

/** Labels with everything that some shell expands, each with its own first letter. */
const hostileLabels = [
  'a!!b!echo',
  'b$(touch ran-1)`touch ran-2`$HOME',
  'c;touch ran-3;#&|<>(){}[]*?~',
  `d'e"f\\g`,
  'h\u2018;touch ran-4;\u2019;touch ran-5',
  'i^x^y=~/%s',
]

const bundles = {review: ['@ada/code-review'], 'on release': ['@ada/code-review@next']}

for (const shell of Object.keys(shells)) {
  describe(`completion in ${shell}`, () => {
    it(`${shell}: after \`apkg autocomplete\`, Tab completes commands, flags and values`, async (t) => {
      if (isMissing(shell, t)) return
      const {registry, machine, env} = await loggedIn(t)
      const token = await machine.apkg(['token', 'create', '--label', 'ci deploy'], {env})
      const session = await sessionOf(registry.url, 'ada', password)
      await publishPackage(registry.url, session, {name: '@ada/code-review'})
      await publishPackage(registry.url, session, {name: '@ada/code-review', version: '2.0.0-a', tag: 'next'})
      for (const name of ['@ada/lint-go', '@ada/lint-ts']) await publishPackage(registry.url, session, {name})
      await writeFile(path.join(machine.home, 'apkg-bundles.json'), JSON.stringify(bundles))
      const plugin = await placePlugin(machine, 'examples/plugin-bundles')
      assert.equal((await machine.apkg(['plugins', 'link', '--no-install', plugin])).exitCode, 0)
      const terminal = await startShell(t, shell, machine, env)

      for (const [typed, shown] of commands) await terminal.complete(typed, shown)
      const start = registry.url.slice(0, -2)
      await terminal.complete(`apkg token list --registry ${start}`, `apkg token list --registry ${registry.url} `)
      await terminal.complete(`apkg token list --registry=${start}`, `apkg token list --registry=${registry.url} `)
      await terminal.complete('apkg token revoke ci', `apkg token revoke ${withSpace} `)
      await terminal.complete('apkg token revoke \t', /token revoke \s*ci/)
      await terminal.complete('apkg info @ada/co', 'apkg info @ada/code-review ')
      await terminal.complete('apkg add @ada/code-review@ne', 'apkg add @ada/code-review@next ')
      await terminal.complete('apkg add code', 'apkg add @ada/code-review ')
      await terminal.complete('apkg add lin\t', /@ada\/lint-(go\s+@ada\/lint-ts|ts\s+@ada\/lint-go)/)
      await terminal.complete('apkg dist-tag rm @ada/code-review ne', 'apkg dist-tag rm @ada/code-review next ')
      await terminal.complete('apkg bundle sh', 'apkg bundle show ')
      await terminal.complete('apkg bundle show rev', 'apkg bundle show review ')
      await terminal.complete(
        'apkg bundle show review --without @',
        'apkg bundle show review --without @ada/code-review ',
      )
      terminal.type('apkg token \t\t')
      await terminal.see(/create[\s\S]*list[\s\S]*revoke/)

      assert.doesNotMatch(terminal.everything, /Error|error:|Killed/)
      const kept = path.join(machine.home, '.apkg/cache/completion')
      const files = await Promise.all((await readdir(kept)).map((name) => readFile(path.join(kept, name), 'utf8')))
      for (const text of [terminal.everything, ...files]) assert.ok(!text.includes(token.stdout.trim()))
    })

    for (const quote of ['', "'", '"']) {
      it(`${shell}: Tab after ${quote || 'no quote'} completes labels that no shell expands`, async (t) => {
        if (isMissing(shell, t)) return
        const {registry, machine, env} = await loggedIn(t)
        for (const label of hostileLabels) {
          const {exitCode} = await machine.apkg(['token', 'create', '--label', label], {env})
          assert.equal(exitCode, 0)
        }
        const terminal = await startShell(t, shell, machine, env)
        for (const label of hostileLabels) {
          const before = await registry.liveTokens()
          const typed = quote + label.charAt(0)
          const completed = await terminal.run('apkg token revoke ', typed, quote)
          const after = await registry.liveTokens()
          const isCompleted = completed.length > typed.length
          assert.ok(isCompleted || quote !== '', `not completed: ${completed}`)
          const expected = isCompleted ? before.filter((each) => each !== label) : before
          assert.deepEqual(after, expected, `${completed}\n${terminal.everything}`)
        }
        assert.deepEqual(
          (await readdir(machine.home)).filter((name) => name.includes('ran')),
          [],
        )
      })
    }

    it(`${shell}: Tab returns to the prompt without an error if the registry never answers`, async (t) => {
      if (isMissing(shell, t)) return
      const silent = await silentRegistry(t)
      const machine = await Machine.start(t)
      const terminal = await startShell(t, shell, machine, {APKG_REGISTRY: silent.url, APKG_TOKEN: 'not-a-real-token'})
      terminal.type('apkg token revoke \t')
      await until(() => silent.connections() > 0)
      terminal.type('\x15echo here a""gain\r')
      await terminal.see(/here again/)
      assert.doesNotMatch(terminal.everything, /Error|error:|Killed|real-token/)
    })
  })
}

describe('complete', () => {
  for (const [what, text] of [
    ['never answers', 'export default () => new Promise(() => setInterval(() => {}, 1000))'],
    ['loops forever', 'for (;;);'],
    [
      'waits for another program',
      `import {execFileSync} from 'node:child_process'
       export default () => execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 120_000)'])`,
    ],
  ] as const) {
    it(`apkg complete: ends in time and prints nothing if a plugin ${what}`, async (t) => {
      const machine = await Machine.start(t)
      const plugin = await placePlugin(machine, 'examples/plugin-bundles')
      await writeFile(path.join(plugin, 'complete.js'), text)
      await machine.apkg(['plugins', 'link', '--no-install', plugin])
      const words = ['bundle', 'show', '']
      for (const args of [['complete'], ['complete', '--later']]) {
        const {stdout, stderr} = await machine.apkg([...args, '--', ...words], {timeout: 60_000})
        assert.deepEqual([stdout, stderr], ['', ''])
      }
    })
  }
})

describe('completion in PowerShell', () => {
  it('completion script: parses with the PowerShell grammar', async (t) => {
    const syntaxErrors = await powershellGrammar().catch((error: unknown) => {
      assert.notEqual(process.env['CI'], 'true', error as Error)
    })
    if (!syntaxErrors) {
      t.skip('npm can’t install the grammar')
      return
    }
    const machine = await Machine.start(t)
    const {stdout} = await machine.apkg(['completions', 'powershell'])
    assert.deepEqual(syntaxErrors(stdout), [])
    // The grammar notices what PowerShell would refuse.
    for (const [part, broken] of [
      ['{\n  param', '\n  param'],
      ['\'["&', '[\"&'],
      ['[char[]]@(', '[char[]]@'],
      [' -or ', ' or '],
      ['{ return }', '{ return '],
    ] as const) {
      assert.ok(stdout.includes(part), part)
      assert.notDeepEqual(syntaxErrors(stdout.replace(part, broken)), [], part)
    }
  })

  it('completion script: can be parsed by PowerShell', (t) => {
    if (isMissing('pwsh', t)) return
    const [command, ...first] = program
    const {stdout} = spawnSync(command, [...first, 'completions', 'powershell'], {encoding: 'utf8'})
    const parse = '$null = [scriptblock]::Create([Console]::In.ReadToEnd())'
    const {status, stderr} = spawnSync('pwsh', ['-NoProfile', '-Command', parse], {input: stdout, encoding: 'utf8'})
    assert.deepEqual([status, stderr], [0, ''])
  })
})

/** Skips the test if a shell is missing. In CI, that is a failure, except for PowerShell, which apt does not have. */
function isMissing(shell: string, t: TestContext): boolean {
  if (spawnSync(shell, ['-c', 'exit 0']).status === 0) return false
  assert.ok(process.env['CI'] !== 'true' || shell === 'pwsh', `${shell} is not installed`)
  t.skip(`${shell} is not installed`)
  return true
}

class ShellTerminal extends Terminal {
  /** Everything shown before the line was last cleared. */
  #past = ''

  /** The text as it looks on the screen: shells move the cursor back to overwrite text. */
  override get text(): string {
    const shown: string[] = []
    let column = 0
    for (const character of super.text) {
      if (character === '\b') column = Math.max(0, column - 1)
      else if (character !== '\x07') shown[column++] = character
    }
    return shown.join('')
  }

  get everything(): string {
    return this.#past + this.text
  }

  /**
   * Types a line and presses Tab until the completion is shown. Completions from the registry or a plugin may take until
   * the next Tab.
   */
  async complete(typed: string, shown: string | RegExp): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.type(`${typed}\t`)
      try {
        await this.see(shown, 4000)
        await this.#clear()
        return
      } catch (error) {
        if (attempt === 4) throw error
        await this.#clear()
      }
    }
  }

  /**
   * Types a line, presses Tab until its last word grows, closes its quote and runs it.
   *
   * @returns the last word as shown; unchanged if nothing completes it.
   */
  async run(command: string, typed: string, quote: string): Promise<string> {
    const marker = String(this.#past.length)
    this.type(command + typed)
    await this.see(command + typed)
    const lastWord = () => this.text.slice(this.text.lastIndexOf(command) + command.length).trimEnd()
    for (let attempt = 0; attempt < 3 && lastWord() === typed; attempt++) {
      this.type('\t')
      await new Promise((resolve) => setTimeout(resolve, 1500))
    }
    const shown = lastWord()
    const isClosed = shown.length > typed.length && shown.endsWith(quote)
    this.type(`${isClosed ? '' : quote}; echo "do"ne${marker}\r`)
    await this.see(`done${marker}`)
    this.#past += this.text
    this.raw = ''
    return shown
  }

  /** Clears the typed line. */
  async #clear(): Promise<void> {
    this.type('\x15')
    await new Promise((resolve) => setTimeout(resolve, 100))
    this.#past += this.text
    this.raw = ''
  }
}

/** Starts a shell on a terminal with completion set up, and the command under test as `apkg` on its PATH. */
async function startShell(
  t: TestContext,
  shell: string,
  machine: Machine,
  env: NodeJS.ProcessEnv,
): Promise<ShellTerminal> {
  const bin = path.join(machine.home, 'bin')
  await mkdir(bin)
  const apkg = path.join(bin, 'apkg')
  await writeFile(apkg, `#!/bin/sh\nexec ${program.map((word) => `'${word}'`).join(' ')} "$@"\n`)
  await chmod(apkg, 0o755)
  // Without this folder, fish generates completions from all manual pages in the background.
  await mkdir(path.join(machine.home, '.data/fish/generated_completions'), {recursive: true})
  assert.equal((await machine.apkg(['autocomplete', shell, '--yes'])).exitCode, 0)
  const all = machine.environment(env)
  const terminal = new ShellTerminal(
    [],
    {...all, PATH: `${bin}:${all['PATH']}`, TERM: 'xterm-256color', PS1: '$ '},
    machine.home,
    [shell, ...(shells[shell] ?? [])],
  )
  t.after(() => terminal.close())
  terminal.type('echo load""ed\r')
  await terminal.see(/loaded/)
  return terminal
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 50) {
    if (waited > 30_000) throw new Error('timed out after 30 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
