import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'
import {issuesOf, placeLinked, type WrittenPlugin} from '../support/plugin.js'

const throwing = 'export default async () => { throw new Error("it broke\\nin two lines") }'
const refusing = 'export default async function () { this.error("it says no", {exit: 3}) }'
/** Waits for nothing that keeps Node running, so Node would end the process. */
const hanging = 'export default () => new Promise(() => {})'
/** Keeps Node waiting for the timer. */
const hangingOnTimer = 'export default () => new Promise((resolve) => setTimeout(resolve, 60_000))'
const command = 'import {Command} from "@oclif/core"; export default class Own extends Command { async run() {} }'

/** Ways for a plugin to fail, and the warning that follows its name. */
const failures: Record<string, Omit<WrittenPlugin, 'name'> & {warning: RegExp | string}> = {
  'throws at init': {
    hooks: {init: './hook.js'},
    files: {'hook.js': throwing},
    warning: 'failed in its `init` hook: it broke',
  },
  'ends the command at init': {
    hooks: {init: './hook.js'},
    files: {'hook.js': refusing},
    warning: 'failed in its `init` hook: it says no',
  },
  'exits the process at init': {
    hooks: {init: './hook.js'},
    files: {'hook.js': 'export default () => process.exit(7)'},
    warning: 'failed in its `init` hook: it tried to exit the process',
  },
  'exits the process later': {
    hooks: {init: './hook.js'},
    files: {'hook.js': 'export default () => { setTimeout(() => process.exit(7)) }'},
    warning: 'failed: it tried to exit the process',
  },
  'exits the process while its commands are loaded': {
    files: {'commands/own.js': 'process.exit(7)'},
    warning: 'was not loaded: it tried to exit the process',
  },
  'throws later': {
    hooks: {init: './hook.js'},
    files: {'hook.js': 'export default () => { setTimeout(() => { throw new Error("it broke") }) }'},
    warning: 'failed: it broke',
  },
  'rejects a promise later': {
    hooks: {init: './hook.js'},
    files: {'hook.js': 'export default () => { Promise.reject(new Error("it broke")) }'},
    warning: 'failed: it broke',
  },
  'hangs at init': {
    hooks: {init: './hook.js'},
    files: {'hook.js': hanging},
    warning: 'failed in its `init` hook: timed out after 2 seconds',
  },
  'hangs at init, with a timer': {
    hooks: {init: './hook.js'},
    files: {'hook.js': hangingOnTimer},
    warning: 'failed in its `init` hook: timed out after 2 seconds',
  },
  'hangs while the module of a hook is loaded': {
    hooks: {init: './hook.js'},
    files: {'hook.js': 'await new Promise((resolve) => setTimeout(resolve, 60_000)); export default () => {}'},
    warning: 'failed in its `init` hook: timed out after 2 seconds',
  },
  'throws at prerun': {
    hooks: {prerun: './hook.js'},
    files: {'hook.js': throwing},
    warning: 'failed in its `prerun` hook: it broke',
  },
  'ends the command at prerun': {
    hooks: {prerun: './hook.js'},
    files: {'hook.js': refusing},
    warning: 'failed in its `prerun` hook: it says no',
  },
  'hangs at prerun': {
    hooks: {prerun: './hook.js'},
    files: {'hook.js': hangingOnTimer},
    warning: 'failed in its `prerun` hook: timed out after 2 seconds',
  },
  'throws at finally': {
    hooks: {finally: './hook.js'},
    files: {'hook.js': throwing},
    warning: 'failed in its `finally` hook: it broke',
  },
  'changes the outcome at finally': {
    hooks: {finally: './hook.js'},
    files: {'hook.js': refusing},
    warning: 'failed in its `finally` hook: it says no',
  },
  'hangs at finally': {
    hooks: {finally: './hook.js'},
    files: {'hook.js': hangingOnTimer},
    warning: 'failed in its `finally` hook: timed out after 2 seconds',
  },
  'throws when asked for credentials': {
    hooks: {'apkg:credentials': './hook.js'},
    files: {'hook.js': throwing},
    warning: 'failed in its `apkg:credentials` hook: it broke',
  },
  'offers invalid observers': {
    hooks: {'apkg:requests': './hook.js'},
    files: {'hook.js': 'export default () => [{name: "watcher"}, "watcher"]'},
    warning: 'returned an invalid result from its `apkg:requests` hook: expected `{name, observe}`',
  },
  'hangs when asked for observers': {
    hooks: {'apkg:requests': './hook.js'},
    files: {'hook.js': hanging},
    warning: 'failed in its `apkg:requests` hook: timed out after 2 seconds',
  },
  'has a hook that cannot be parsed': {
    hooks: {init: './hook.js'},
    files: {'hook.js': 'export default ((('},
    warning: /^failed in its `init` hook: Unexpected end of input/,
  },
  'has a missing hook': {
    hooks: {init: './hook.js'},
    files: {},
    warning: /^failed in its `init` hook: .*hook\.js/,
  },
  'has a hook that is not a function': {
    hooks: {init: './hook.js'},
    files: {'hook.js': 'export default "hook"'},
    warning: 'failed in its `init` hook: ./hook.js does not export a function',
  },
  'lacks a manifest, and has a command that cannot be parsed': {
    files: {'commands/own.js': 'export default class (((', 'commands/other.js': command},
    warning: /^was not loaded: Unexpected token/,
  },
  'lacks a manifest, and has a command that hangs while it is loaded': {
    files: {'commands/own.js': 'setTimeout(() => {}, 60_000); await new Promise(() => {}); export default class {}'},
    warning: 'was not loaded: timed out after 2 seconds',
  },
  'has a damaged manifest': {
    files: {'oclif.manifest.json': '{', 'commands/own.js': command},
    warning: /^has an unreadable oclif\.manifest\.json: /,
  },
  'has a list of plugins that is not a list': {
    manifest: {oclif: {plugins: 5}},
    files: {},
    warning: 'was not loaded: `oclif.plugins` in its package.json is not a list',
  },
  'has a damaged package.json': {
    files: {'package.json': '{"name":'},
    warning: /^was not loaded: /,
  },
  'has a command that apkg has': {
    files: {'commands/config/list.js': command},
    warning: 'has a command `config list` that is ignored, because apkg already has one with this name',
  },
  'has an alias that is a command of apkg': {
    files: {'commands/own.js': `${command}; Own.aliases = ["whoami"]`},
    warning: 'has a command `whoami` that is ignored, because apkg already has one with this name',
  },
}

// Most of these wait for a timeout.
describe('a plugin', {concurrency: 3}, () => {
  for (const [title, {warning, ...plugin}] of Object.entries(failures)) {
    it(`plugin: one that ${title} causes a warning, and the command works`, async (t) => {
      const name = 'apkg-plugin-odd'
      const machine = await withPlugins(t, {name, ...plugin})
      const {stdout, stderr, exitCode} = await machine.apkg(['whoami', '--json'], {
        env: {APKG_TOKEN: 'opaque', APKG_REGISTRY: 'http://127.0.0.1:9'},
        timeout: 40_000,
      })
      assert.equal((JSON.parse(stdout) as {error: {code: string}}).error.code, 'UNREACHABLE')
      assert.equal(exitCode, 5)
      const [, shown = '', report] =
        /^Warning: The plugin apkg-plugin-odd (.*?)(?: \(report it at (.*)\))?\n$/.exec(stderr) ?? []
      if (typeof warning === 'string') assert.equal(shown, warning, stderr)
      else assert.match(shown, warning, stderr)
      assert.equal(report, plugin.files['package.json'] ? undefined : issuesOf(name))
    })
  }

  for (const [event, line, code] of [
    ['postrun', ['config', 'list'], 0],
    ['command_not_found', ['frobnicate'], 2],
  ] as const) {
    it(`plugin: one that fails or hangs at ${event} causes a warning, and the command ends as without it`, async (t) => {
      const machine = await withPlugins(
        t,
        {name: 'apkg-plugin-a', hooks: {[event]: './hook.js'}, files: {'hook.js': refusing}},
        {name: 'apkg-plugin-b', hooks: {[event]: './hook.js'}, files: {'hook.js': hangingOnTimer}},
      )
      const {stderr, exitCode} = await machine.apkg([...line], {timeout: 40_000})
      assert.equal(exitCode, code, stderr)
      assert.match(stderr, new RegExp(`plugin apkg-plugin-a failed in its \`${event}\` hook: it says no `))
      assert.match(
        stderr,
        new RegExp(`plugin apkg-plugin-b failed in its \`${event}\` hook: timed out after 2 seconds `),
      )
    })
  }

  it("plugin: one that prints in a hook does not print into the command's stdout", async (t) => {
    const hook = `console.log("loaded")
      export default () => {
        console.log("asked")
        return {name: "odd", async find() { console.log("found none") }, observe() { console.log("observed") }}
      }`
    const hooks = {'apkg:credentials': './hook.js', 'apkg:requests': './hook.js'}
    const machine = await withPlugins(t, {name: 'apkg-plugin-odd', hooks, files: {'hook.js': hook}})
    const {stdout, stderr} = await machine.apkg(['info', '@acme/tool', '--json', '--registry', 'http://127.0.0.1:9'])
    assert.equal((JSON.parse(stdout) as {error: {code: string}}).error.code, 'UNREACHABLE')
    assert.match(stderr, /^loaded\nasked\nasked\nfound none\nobserved\n/)
  })

  it('plugin: one that is no longer installed causes a warning', async (t) => {
    const machine = await withPlugins(t)
    const list = path.join(machine.environment()['XDG_DATA_HOME'] ?? '', 'apkg/package.json')
    await writeFile(list, JSON.stringify({oclif: {plugins: [{name: 'apkg-plugin-odd', type: 'user'}]}}))
    const {stderr} = await machine.apkg(['config', 'list', '--json'])
    assert.match(stderr, /^Warning: The plugin apkg-plugin-odd was not loaded: it is not installed\n/)
  })

  it('plugin: one that is deleted during the command causes no error', async (t) => {
    const hook = `import {rmSync} from 'node:fs'; export default () => rmSync(import.meta.dirname, {recursive: true})`
    const hooks = {prerun: './hook.js', postrun: './other.js', finally: './other.js'}
    const machine = await withPlugins(t, {name: 'apkg-plugin-odd', hooks, files: {'hook.js': hook}})
    const {stderr, exitCode} = await machine.apkg(['config', 'list', '--json'])
    assert.deepEqual([stderr, exitCode], ['No configuration set. Using defaults.\n', 0])
  })

  it('plugin command: one without the kit shows a stack trace with DEBUG', async (t) => {
    const failing =
      'import {Command} from "@oclif/core"; export default class Own extends Command { async run() { oops() } }'
    const machine = await withPlugins(t, {name: 'apkg-plugin-odd', files: {'commands/own.js': failing}})
    const {stderr} = await machine.apkg(['own'], {env: {DEBUG: 'oclif:apkg:*'}})
    assert.match(stderr, /Error: Unexpected error: oops is not defined/)
    assert.match(stderr, /at Own\.run \(.*own\.js:1:\d+\)/)
  })

  it('plugin command: can handle uncaught exceptions itself', async (t) => {
    const listening = `import {Command} from "@oclif/core"
      export default class Own extends Command {
        async run() {
          process.once("uncaughtException", () => setTimeout(() => { this.log("stopped"); process.exit(9) }, 300))
          setTimeout(() => { throw new Error("it broke") })
          await new Promise(() => {})
        }
      }`
    const machine = await withPlugins(t, {name: 'apkg-plugin-odd', files: {'commands/own.js': listening}})
    assert.deepEqual(await machine.apkg(['own']), {stdout: 'stopped\n', stderr: '', exitCode: 9})
  })

  for (const [what, errors, message] of [
    ['several errors', 'Promise.reject(new Error("one")); Promise.reject(new Error("two"))', 'Unexpected error: one'],
    [
      'a broken pipe',
      'Promise.reject(Object.assign(new Error("write EPIPE"), {code: "EPIPE"}))',
      'Cannot write to standard output: the reader closed the pipe',
    ],
  ] as const) {
    it(`plugin command: one with ${what} unhandled prints one error and does not end with 0`, async (t) => {
      const leaving = `import {Command} from "@oclif/core"
        export default class Own extends Command {
          async run() { ${errors}; await new Promise((resolve) => setTimeout(resolve, 10_000)) }
        }`
      const machine = await withPlugins(t, {name: 'apkg-plugin-odd', files: {'commands/own.js': leaving}})
      const {stdout, exitCode} = await machine.apkg(['own', '--json'])
      assert.equal((JSON.parse(stdout) as {error: {message: string}}).error.message, message)
      assert.equal(exitCode, 1)
    })
  }

  it('plugin: can write to stderr and fail after stderr is closed', async (t) => {
    const hook = 'export default () => { console.log("talk"); setTimeout(() => { throw new Error("it broke") }) }'
    const talking = `import {Command} from "@oclif/core"
      export default class Own extends Command {
        async run() {
          for (let times = 0; times < 3; times++) {
            process.stderr.write("talk\\n")
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
          this.log("done")
        }
      }`
    const files = {'hook.js': hook, 'commands/own.js': talking}
    const machine = await withPlugins(t, {name: 'apkg-plugin-odd', hooks: {init: './hook.js'}, files})
    // The limit of CPU time catches an endless loop of errors about errors.
    const {stdout} = await machine.shell('exec 3>&1; (ulimit -t 20; apkg own; echo "exit $?") 2>&1 >&3 | true')
    assert.equal(stdout, 'done\nexit 0\n')
  })

  it('plugin: one without `bugs` in its package.json is reported with its repository', async (t) => {
    const machine = await withPlugins(t, {
      name: 'apkg-plugin-odd',
      hooks: {init: './hook.js'},
      files: {'hook.js': throwing},
      manifest: {bugs: undefined, repository: {type: 'git', url: 'git+https://example.com/odd.git'}},
    })
    const {stderr} = await machine.apkg(['config', 'list', '--json'])
    assert.match(stderr, / \(report it at https:\/\/example\.com\/odd\)\n/)
  })

  it('two plugins with the same command: the one installed first wins, and the other keeps its other commands', async (t) => {
    const says = (text: string) => `import {Command} from "@oclif/core"
      export default class Own extends Command { async run() { await this.parse(Own); this.log("${text}") } }`
    const machine = await withPlugins(
      t,
      {name: 'apkg-plugin-b', files: {'commands/own.js': says('b')}},
      {name: 'apkg-plugin-a', files: {'commands/own.js': says('a'), 'commands/second.js': says('second of a')}},
    )
    const warning = `Warning: The plugin apkg-plugin-a has a command \`own\` that is ignored, because the plugin apkg-plugin-b already has one with this name (report it at ${issuesOf('apkg-plugin-a')})\n`
    assert.deepEqual(await machine.apkg(['own']), {stdout: 'b\n', stderr: warning, exitCode: 0})
    assert.deepEqual(await machine.apkg(['second']), {stdout: 'second of a\n', stderr: warning, exitCode: 0})
  })

  it("plugin command: one that cannot be loaded fails with the plugin's name, in text and with --json", async (t) => {
    const manifest = {version: '1.0.0', commands: {own: {id: 'own', isESM: true, relativePath: ['commands', 'own.js']}}}
    const described = {aliases: [], hiddenAliases: [], args: {}, flags: {}, pluginName: 'apkg-plugin-odd', strict: true}
    Object.assign(manifest.commands.own, described)
    const machine = await withPlugins(t, {
      name: 'apkg-plugin-odd',
      files: {'oclif.manifest.json': JSON.stringify(manifest), 'commands/own.js': 'export default class ((('},
    })
    const message = "Cannot load `own` from the plugin apkg-plugin-odd: Unexpected token '('"
    const suggestions = [
      `report it at ${issuesOf('apkg-plugin-odd')}`,
      'run `apkg plugins update` to update it, or `apkg plugins uninstall apkg-plugin-odd` to remove it',
    ]
    assert.deepEqual(await machine.apkg(['own']), {
      stdout: '',
      stderr: [`Error: ${message}`, ...suggestions.map((each) => `  hint: ${each}`), ''].join('\n'),
      exitCode: 1,
    })
    const json = await machine.apkg(['own', '--json'])
    assert.deepEqual(JSON.parse(json.stdout), {error: {code: 'PLUGIN_FAILED', message, suggestions}})
    assert.deepEqual([json.stderr, json.exitCode], ['', 1])
  })

  it('plugin: one that fails to load can be uninstalled', async (t) => {
    const machine = await withPlugins(t, {name: 'apkg-plugin-odd', files: {'package.json': '{"name":'}})
    const {exitCode, stderr} = await machine.apkg(['plugins', 'uninstall', 'apkg-plugin-odd'])
    assert.equal(exitCode, 0, stderr)
    assert.equal((await machine.apkg(['config', 'list', '--json'])).stderr, 'No configuration set. Using defaults.\n')
  })

  it('plugins: none are loaded if the list of plugins is damaged, and commands still work', async (t) => {
    const machine = await withPlugins(t)
    const list = path.join(machine.environment()['XDG_DATA_HOME'] ?? '', 'apkg/package.json')
    for (const damaged of ['{', '{"oclif": {"plugins": "abc"}}']) {
      await writeFile(list, damaged)
      const {stdout, stderr, exitCode} = await machine.apkg(['config', 'list', '--json'])
      assert.deepEqual([JSON.parse(stdout), exitCode], [{config: {}}, 0])
      assert.ok(stderr.startsWith(`Warning: Plugins were not loaded: cannot read ${list}: `), stderr)
    }
  })
})

async function withPlugins(t: TestContext, ...plugins: WrittenPlugin[]): Promise<Machine> {
  const machine = await Machine.start(t)
  await placeLinked(machine, plugins)
  return machine
}
