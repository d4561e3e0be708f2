import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Machine} from '../support/machine.js'

describe('the entry', () => {
  it('entry: each version flag prints the version first', async (t) => {
    const machine = await Machine.start(t)
    for (const flag of ['--version', '-v', '-V']) {
      const {stdout, stderr, exitCode} = await machine.apkg([flag])
      assert.match(stdout, /^apkg \d+\.\d+\.\d+\n$/)
      assert.deepEqual([stderr, exitCode], ['', 0])
    }
  })

  it('entry: the help shows exit codes and first steps', async (t) => {
    const machine = await Machine.start(t)
    for (const args of [['--help'], ['help']]) {
      const {stdout, stderr, exitCode} = await machine.apkg(args)
      assert.match(stdout, /New here\? Run `apkg login`/)
      assert.match(stdout, /Exit codes: 0 success; 1 failure; 2 usage error;/)
      assert.deepEqual([stderr, exitCode], ['', 0])
    }
    const topic = await machine.apkg(['token'])
    assert.match(topic.stdout, /token create [^]*token list [^]*token revoke /)
    assert.equal(topic.exitCode, 0)
  })

  it('entry: an unknown command fails with exit code 2 and suggests the nearest, without a prompt', async (t) => {
    const machine = await Machine.start(t)
    assert.deepEqual(await machine.apkg(['tokn', 'list']), {
      stdout: '',
      stderr:
        'Error: `tokn list` is not an apkg command\n  hint: did you mean `apkg token list`?\n  hint: run `apkg help` for a list of commands\n',
      exitCode: 2,
    })
    const json = await machine.apkg(['--json', 'frobnicate'])
    assert.deepEqual([json.stderr, json.exitCode], ['', 2])
    assert.deepEqual(JSON.parse(json.stdout), {
      error: {
        code: 'COMMAND_UNKNOWN',
        message: '`frobnicate` is not an apkg command',
        suggestions: ['run `apkg help` for a list of commands'],
      },
    })
    const terminal = machine.terminal(['whoamy'])
    assert.equal(await terminal.ended, 2)
    assert.match(terminal.text, /did you mean `apkg whoami`\?/)
  })

  it('entry: a typo in a command, flag or value gets a suggestion, in text and with --json', async (t) => {
    const machine = await Machine.start(t)
    for (const [line, message, suggestion] of [
      ['tokn', '`tokn` is not an apkg command', 'did you mean `apkg token`?'],
      ['instal @acme/foo', '`instal` is not an apkg command', 'did you mean `apkg install`?'],
      ['token creat ci', '`token creat` is not an apkg command', 'did you mean `apkg token create`?'],
      ['token frobnicate', '`token frobnicate` is not an apkg command', 'run `apkg help token` for a list of commands'],
      ['token new', '`token new` is not an apkg command', 'did you mean `apkg token create`?'],
      ['token get ci', '`token get` is not an apkg command', 'did you mean `apkg token show`?'],
      ['token renew ci', '`token renew` is not an apkg command', 'did you mean `apkg token rotate`?'],
      ['token destroy ci', '`token destroy` is not an apkg command', 'did you mean `apkg token revoke`?'],
      ['key rm', '`key rm` is not an apkg command', 'did you mean `apkg key revoke`?'],
      ['session ls', '`session ls` is not an apkg command', 'did you mean `apkg session list`?'],
      ['trust github acme/tool', '`trust github` is not an apkg command', 'run `apkg trusted-publisher add --github`'],
      ['unpublish @ada/tool@1.0.0', '`unpublish` is not an apkg command', 'run `apkg yank`'],
      [
        'token create ci6',
        'Unexpected argument for `apkg token create`: ci6',
        'did you mean `apkg token create --label ci6`?',
      ],
      ['token list extra', 'Unexpected argument for `apkg token list`: extra', 'see `apkg help token list`'],
      [
        'registry serve',
        '`registry serve` is not an apkg command',
        'run `apkg plugins install @apkg/plugin-registry` to install the plugin that provides it',
      ],
      ['--verison', 'Unknown flag: --verison', 'did you mean `--version`?'],
      ['--ofline=s3cret token list', 'Unknown flag: --ofline', 'did you mean `--offline`?'],
      ['token list --hlep', 'Unknown flag: --hlep', 'did you mean `--help`?'],
      ['', '`` is not an apkg command', 'run `apkg help` for a list of commands'],
      ['--help tokn', '`tokn` is not an apkg command', 'did you mean `apkg token`?'],
      ['help tokn', '`tokn` is not an apkg command', 'did you mean `apkg token`?'],
      ['token lst --help', '`token lst` is not an apkg command', 'did you mean `apkg token list`?'],
      ['token create --lable=s3cret', 'Unknown flag: --lable', 'did you mean `--label`?'],
      ['token create --names ci', 'Unknown flag: --names', 'did you mean `--name`?'],
      ['init --type skil', '--type: `skil` is not one of project, skill, ', 'did you mean `skill`?'],
      ['completions fihs', '`fihs` is not one of bash, zsh, fish, powershell', 'did you mean `fish`?'],
      [
        'key revoke x',
        'Missing flag: --reason (one of key-compromise, superseded, unspecified)',
        'see `apkg help key revoke`',
      ],
      ['config get', 'Missing argument: <key>', 'see `apkg help config get`'],
      ['config get registri', 'Unknown config key: registri', 'did you mean `registry`?'],
    ] as const) {
      const words = line.split(' ')
      const text = await machine.apkg(words)
      const json = await machine.apkg([...words, '--json'])
      const {error} = JSON.parse(json.stdout) as {error: {message: string; suggestions: string[]}}
      assert.ok(error.message.startsWith(message), error.message)
      assert.equal(error.suggestions[0], suggestion)
      const lines = [`Error: ${error.message}`, ...error.suggestions.map((each) => `  hint: ${each}`)]
      assert.deepEqual(text, {stdout: '', stderr: `${lines.join('\n')}\n`, exitCode: 2})
      assert.deepEqual([json.stderr, json.exitCode], ['', 2])
    }
  })

  it('entry: global flags work before and after the subcommand', async (t) => {
    const machine = await Machine.start(t)
    const registry = 'http://127.0.0.1:9'
    const expected = await machine.apkg(['token', 'list', '--registry', registry, '--json', '--offline'])
    assert.equal(expected.exitCode, 5)
    assert.match(expected.stdout, /"code": "OFFLINE"/)
    for (const args of [
      ['--registry', registry, '--json', '--offline', 'token', 'list'],
      [`--registry=${registry}`, '--offline', 'token', 'list', '--json'],
      ['--offline', 'token', 'list', '--json', '--registry', registry],
      ['token', '--registry', registry, '--json', 'list', '--offline'],
    ]) {
      assert.deepEqual(await machine.apkg(args), expected)
    }
  })

  it('entry: --json prints any help as an object', async (t) => {
    const machine = await Machine.start(t)
    for (const line of ['help', '--help', 'help token', 'token', 'token list --help', 'help -n', 'plugins --help']) {
      const words = line.split(' ')
      const text = await machine.apkg(words)
      for (const args of [
        [...words, '--json'],
        ['--json', ...words],
      ]) {
        const {stdout, stderr, exitCode} = await machine.apkg(args)
        assert.deepEqual(JSON.parse(stdout), {help: text.stdout.trimEnd()}, args.join(' '))
        assert.deepEqual([stderr, exitCode], ['', 0])
      }
    }
    const flags = await machine.apkg(['--registry', 'http://127.0.0.1:9', '--offline', 'help', 'token'])
    assert.deepEqual(flags, await machine.apkg(['token']))
  })

  it('entry: text and --json report the same failure and exit code; colors are for terminals only', async (t) => {
    const machine = await Machine.start(t)
    const env = {APKG_REGISTRY: 'http://example.com'}
    const text = await machine.apkg(['whoami'], {env})
    const json = await machine.apkg(['whoami', '--json'], {env})
    const {error} = JSON.parse(json.stdout) as {error: {code: string; message: string; suggestions: string[]}}
    const lines = [`Error: ${error.message}`, ...error.suggestions.map((each) => `  hint: ${each}`)]
    assert.deepEqual(text, {stdout: '', stderr: `${lines.join('\n')}\n`, exitCode: 2})
    assert.deepEqual([error.code, json.exitCode, json.stderr], ['REGISTRY_INVALID', 2, ''])
    const colored = machine.terminal(['whoami'], env)
    await colored.ended
    assert.ok(colored.raw.includes('\u001B[38;5;161mError:'))
    const plain = machine.terminal(['whoami'], {...env, NO_COLOR: '1'})
    await plain.ended
    assert.ok(!plain.raw.includes('\u001B['))
    assert.equal(plain.text.replaceAll(/\s+/g, ' '), text.stderr.replaceAll(/\s+/g, ' '))
  })

  it('entry: output that cannot be written is reported, for help and version too', async (t) => {
    const machine = await Machine.start(t)
    for (const command of ['--version', 'help', '--help', 'config get registry']) {
      const {stderr, exitCode} = await machine.shell(`apkg ${command} >/dev/full`)
      assert.deepEqual(
        [stderr, exitCode],
        [
          'Error: Cannot write to standard output: no space left on the disk\n  hint: check the output destination and its free disk space\n',
          1,
        ],
        command,
      )
    }
    const {stdout} = await machine.apkg(['--json', '--version'])
    assert.match(stdout, /^\{"version":"\d+\.\d+\.\d+"\}\n$/)
  })

  it('entry: DEBUG output contains no secret', async (t) => {
    const machine = await Machine.start(t)
    const env = {APKG_TOKEN: 'a-very-secret-token', APKG_REGISTRY: 'http://127.0.0.1:9', DEBUG: '*'}
    const {stdout, stderr, exitCode} = await machine.apkg(['whoami'], {env})
    assert.equal(exitCode, 5)
    assert.match(stderr, /credential from APKG_TOKEN/)
    assert.ok(!(stdout + stderr).includes('a-very-secret-token'))
  })
})
