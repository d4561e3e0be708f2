import assert from 'node:assert/strict'
import {mkdir, readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import type {Prompts} from '@apkg/command-kit'

import Init from '../../src/commands/init.js'
import Lint from '../../src/commands/lint.js'
import Pack from '../../src/commands/pack.js'
import {readProject} from '../../src/project/read-project.js'
import {failureOf, seen, startSession, startWorld} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'

/** A temporary folder with the given name. */
async function folderCalled(t: Parameters<typeof makeTree>[0], name: string, files: Record<string, string> = {}) {
  const inside = Object.entries(files).map(([file, text]) => [path.join(name, file), text])
  return path.join(await makeTree(t, {[`${name}/`]: '', ...Object.fromEntries(inside)}), name)
}

async function manifestIn(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(folder, 'apkg.json'), 'utf8'))
}

type TextQuestion = Parameters<Prompts['text']>[0]

const enough = ['--name', '@ada/greeter', '--type', 'skill']

describe('init', () => {
  it('init: writes the fields of the original client, in its order, from flags alone', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'any')
    assert.deepEqual(seen(await run(Init, enough, {cwd})), {
      stdout: '',
      stderr: `Created apkg.json and SKILL.md for @ada/greeter

Next steps: edit SKILL.md, then run
  apkg lint     # check it
  apkg link     # try it in a project, with \`apkg link <name>\` there
  apkg publish  # publish it
`,
      exitCode: 0,
    })
    assert.equal(
      await readFile(path.join(cwd, 'SKILL.md'), 'utf8'),
      `---
name: greeter
description: Describe what this skill does, and when to use it.
---

# Greeter

Write the instructions here. Put longer references and scripts in files next to this one, and link to them.
`,
    )
    assert.equal(
      await readFile(path.join(cwd, 'apkg.json'), 'utf8'),
      `{
  "name": "@ada/greeter",
  "version": "0.1.0",
  "type": "skill",
  "description": "",
  "license": "MIT",
  "visibility": "public"
}
`,
    )
    assert.deepEqual((await readProject(cwd)).warnings, [])
  })

  it('init: uses every flag, and an existing readme', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'any', {'README.md': '# Hi'})
    const more = [
      '--package-version',
      '2.0.0-rc.1',
      '--description',
      'Greets',
      '--license',
      'ISC',
      '--keywords',
      'a, b,,a',
    ]
    const {stdout, exitCode} = await run(
      Init,
      [...enough, ...more, '--target', 'claude-code', '--target', 'cursor,codex', '--origin', 'codex', '--json'],
      {cwd},
    )
    assert.equal(exitCode, 0)
    const manifest = await manifestIn(cwd)
    const created = ['apkg.json', 'SKILL.md']
    assert.deepEqual(JSON.parse(stdout), {path: path.join(cwd, 'apkg.json'), manifest, created})
    assert.deepEqual(manifest, {
      ...{name: '@ada/greeter', version: '2.0.0-rc.1', type: 'skill', description: 'Greets', license: 'ISC'},
      ...{readme: 'README.md', keywords: ['a', 'b'], origin: 'codex', targets: ['claude-code', 'cursor', 'codex']},
      visibility: 'public',
    })
  })

  it('init: --yes creates a project, named after the login and the directory', async (t) => {
    const {run, registry} = await startSession(t)
    const before = registry.requests.length
    const cwd = await folderCalled(t, 'My Tool!')
    assert.equal((await run(Init, ['--yes'], {cwd})).exitCode, 0)
    assert.deepEqual(await manifestIn(cwd), {
      ...{name: '@ada/my-tool', version: '0.1.0', type: 'project', description: '', license: 'MIT'},
      ...{authors: [{name: 'ada'}], visibility: 'public'},
    })
    assert.equal(registry.requests.length, before)
  })

  it('init: leaves out targets and origin unless they are given, even if tools are detected in the directory', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'tool')
    await mkdir(path.join(cwd, '.cursor'))
    assert.equal((await run(Init, ['--yes', '--type', 'rule'], {cwd})).exitCode, 0)
    const fields = Object.keys((await manifestIn(cwd)) as object)
    assert.deepEqual(fields, ['name', 'version', 'type', 'description', 'license', 'visibility'])
    assert.equal((await run(Init, [...enough, '--origin', 'kiro', '--force'], {cwd})).exitCode, 0)
    const {origin, targets} = (await manifestIn(cwd)) as {origin?: string; targets?: string[]}
    assert.deepEqual([origin, targets], ['kiro', undefined])
    assert.equal((await run(Init, [...enough, '--target', 'cursor,kiro', '--force'], {cwd})).exitCode, 0)
    const limited = (await manifestIn(cwd)) as {origin?: string; targets?: string[]}
    assert.deepEqual([limited.origin, limited.targets], ['cursor', ['cursor', 'kiro']])
  })

  it('init: without a terminal, reports the missing flag', async (t) => {
    const {run, home} = await startWorld(t)
    const cwd = await folderCalled(t, 'any')
    for (const [count, flag] of [
      [0, '--name and --type were'],
      [2, '--type was'],
    ] as const) {
      const {code, message, exitCode} = failureOf(await run(Init, [...enough.slice(0, count), '--json'], {cwd, home}))
      assert.deepEqual([code, exitCode], ['INPUT_MISSING', 2])
      assert.match(message, new RegExp(`^${flag} not given`))
    }
    await assert.rejects(readFile(path.join(cwd, 'apkg.json')), {code: 'ENOENT'})
  })

  it('init: without a terminal, suggests --yes first, unless it was given', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'any')
    assert.equal(
      (await run(Init, [], {cwd})).stderr,
      `Error: --name and --type were not given, and apkg can't prompt without a terminal
  hint: pass --yes to accept the defaults
  hint: pass --name and --type
`,
    )
    assert.doesNotMatch((await run(Init, ['--yes', '--type', 'skill'], {cwd})).stderr, /pass --yes/)
  })

  it('init: rejects invalid flags', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'any')
    const wrong: [string[], RegExp][] = [
      [['--name', 'greeter'], /--name must be scoped/],
      [['--name', '@ada/Upper'], /--name must be @scope\/name in lowercase/],
      [[...enough, '--package-version', '1.0'], /--package-version must be a semantic version/],
      [[...enough, '--target', 'kiro', '--origin', 'codex'], /--origin must be one of the targets/],
      [[...enough, '--type', 'thing'], /--type/],
      [[...enough, '--description', 'x'.repeat(1025)], /--description is longer than 1024 characters/],
      [[...enough, '--license', 'x'.repeat(1025)], /--license is longer than 1024 characters/],
      [[...enough, '--keywords', [...Array(101).keys()].join()], /--keywords has more than 100 entries/],
      [['--name', '@ada/x', '--type', 'project', '--target', 'kiro'], /--target limits a package/],
      [['--yes', '--target', 'kiro'], /--target limits a package/],
    ]
    for (const [argv, message] of wrong) {
      const failure = failureOf(await run(Init, [...argv, '--json'], {cwd}))
      assert.deepEqual([failure.code, failure.exitCode], ['USAGE', 2])
      assert.match(failure.message, message)
    }
  })

  it('init: keeps an existing manifest without --force', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'any', {'apkg.json': 'precious'})
    const {stderr, exitCode} = await run(Init, enough, {cwd})
    assert.equal(stderr, 'Error: File already exists: apkg.json\n  hint: run `apkg init --force` to overwrite it\n')
    assert.equal(exitCode, 1)
    assert.equal(await readFile(path.join(cwd, 'apkg.json'), 'utf8'), 'precious')
    assert.equal((await run(Init, [...enough, '--force'], {cwd})).exitCode, 0)
    assert.equal(((await manifestIn(cwd)) as {name: string}).name, '@ada/greeter')
  })

  it('init: --force replaces a link, not its target', async (t) => {
    const {run} = await startWorld(t)
    const victim = path.join(await folderCalled(t, 'other', {victim: 'precious'}), 'victim')
    const cwd = await folderCalled(t, 'any')
    await symlink(victim, path.join(cwd, 'apkg.json'))
    assert.equal((await run(Init, enough, {cwd})).exitCode, 1)
    assert.equal((await run(Init, [...enough, '--force'], {cwd})).exitCode, 0)
    assert.equal(await readFile(victim, 'utf8'), 'precious')
    assert.equal(((await manifestIn(cwd)) as {name: string}).name, '@ada/greeter')
  })

  it('init: asks on a terminal, the type first, and shows the manifest on request', async (t) => {
    const {run} = await startSession(t)
    const cwd = await folderCalled(t, 'tool')
    await mkdir(path.join(cwd, '.codex'))
    const asked: unknown[][] = []
    const answers = ['@ada/typed', '1.0.0', 'What it does', 'MIT', 'x,y']
    const prompts = {
      text({
        message,
        default: proposal,
        validate,
      }: {
        message: string
        default?: string
        validate?: (text: string) => unknown
      }) {
        asked.push([message, proposal, validate?.('')])
        return Promise.resolve(answers.shift()!)
      },
      select({message, choices, default: proposal}: {message: string; choices: {value: any}[]; default?: any}) {
        asked.push([message, choices.map(({value}) => value), proposal])
        return Promise.resolve(choices[1]!.value)
      },
      confirm({message, default: proposal}: {message: string; default?: boolean}) {
        asked.push([message, proposal])
        return Promise.resolve(true)
      },
    }
    const {stdout, exitCode} = await run(Init, [], {cwd, terminal: true, prompts})
    assert.equal(exitCode, 0)
    const types = [
      'project',
      'skill',
      'agent',
      'command',
      'rule',
      'mcp-server',
      'prompt',
      'config',
      'library',
      'composite',
    ]
    assert.deepEqual(asked, [
      ['Package type', types, 'project'],
      ['Package name (@scope/name)', '@ada/tool', 'It must be scoped: @username/name or @org/name.'],
      ['Version', '0.1.0', 'It must be a semantic version such as 1.2.3.'],
      ['Description', '', true],
      ['License', 'MIT', true],
      ['Keywords (comma-separated)', '', true],
      ['Show the generated apkg.json?', false],
    ])
    assert.equal(stdout, await readFile(path.join(cwd, 'apkg.json'), 'utf8'))
    const {origin, targets} = JSON.parse(stdout) as {origin?: string; targets?: string[]}
    assert.deepEqual([origin, targets], [undefined, undefined])
  })

  it('init: does not ask anything about tools', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'tool')
    const prompts = {
      text: ({default: proposal}: {default?: string}) => Promise.resolve(proposal ?? ''),
      confirm: () => Promise.resolve(false),
    }
    const {exitCode, stdout} = await run(Init, ['--type', 'skill'], {cwd, terminal: true, prompts})
    assert.deepEqual({exitCode, stdout}, {exitCode: 0, stdout: ''})
    assert.ok(!('targets' in ((await manifestIn(cwd)) as object)))
  })

  it('init: checks the flags before it asks anything', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'tool')
    for (const argv of [
      ['--package-version', '1.x'],
      ['--target', 'kiro', '--origin', 'codex'],
      ['--type', 'project', '--target', 'kiro'],
    ]) {
      const {code} = failureOf(await run(Init, [...argv, '--json'], {cwd, terminal: true}))
      assert.equal(code, 'USAGE', argv.join(' '))
    }
  })

  it('init: accepts only answers that can be published', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'tool')
    const refused: unknown[] = []
    const prompts = {
      text: ({message, validate, default: proposal = ''}: TextQuestion) => {
        if (message === 'Description') refused.push(validate?.('x'.repeat(1025)), validate?.('x'.repeat(1024)))
        return Promise.resolve(proposal)
      },
      confirm: () => Promise.resolve(false),
    }
    const {exitCode} = await run(Init, enough, {cwd, terminal: true, prompts})
    assert.equal(exitCode, 0)
    assert.deepEqual(refused, ['It is longer than 1024 characters.', true])
  })

  it('init: ignores spaces around answers, and does not offer a project with --target', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'tool')
    const answers = [' @ada/x ', ' 1.2.3\t', ' Does it ', ' ISC ', '']
    let types: unknown[] = []
    const prompts = {
      text: ({validate}: {validate?: (text: string) => unknown}) => {
        const answer = answers.shift() ?? assert.fail('unexpected prompt')
        assert.equal(validate?.(answer), true)
        return Promise.resolve(answer)
      },
      select: <Value>({choices}: {choices: readonly {value: Value}[]}) => {
        types = choices.map(({value}) => value)
        return Promise.resolve(choices[0]!.value)
      },
      confirm: () => Promise.resolve(false),
    }
    const {exitCode} = await run(Init, ['--target', 'kiro'], {cwd, terminal: true, prompts})
    assert.equal(exitCode, 0)
    assert.ok(types.includes('skill') && !types.includes('project'))
    assert.deepEqual(await manifestIn(cwd), {
      ...{name: '@ada/x', version: '1.2.3', type: 'skill', description: 'Does it', license: 'ISC'},
      ...{origin: 'kiro', targets: ['kiro'], visibility: 'public'},
    })
  })

  it('init: says that a placeholder scope of a package must be replaced', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await folderCalled(t, 'tool')
    const note = /^Before you publish it, replace `@scope` in apkg\.json with your username or organization$/m
    assert.match((await run(Init, ['--yes', '--type', 'skill'], {cwd})).stderr, note)
    assert.doesNotMatch((await run(Init, ['--yes', '--type', 'project', '--force'], {cwd})).stderr, note)
    assert.doesNotMatch((await run(Init, [...enough, '--force'], {cwd})).stderr, note)
  })

  it('init: proposes a placeholder scope if the stored login cannot be read', async (t) => {
    const {run, home} = await startWorld(t)
    await mkdir(path.join(home, '.apkg'))
    await writeFile(path.join(home, '.apkg/credentials.json'), '{')
    const cwd = await folderCalled(t, 'tool')
    assert.equal((await run(Init, ['--yes'], {cwd})).exitCode, 0)
    assert.equal(((await manifestIn(cwd)) as {name: string}).name, '@scope/tool')
  })

  it('init: lint and pack warn about the template of a skill, an agent, a command or a rule, and about nothing else', async (t) => {
    const {run} = await startWorld(t)
    for (const [type, file] of [
      ['skill', 'SKILL.md'],
      ['agent', 'agents/my-tool.md'],
      ['command', 'commands/my-tool.md'],
      ['rule', 'rules/my-tool.md'],
    ] as const) {
      const cwd = await folderCalled(t, 'any')
      const argv = ['--name', '@ada/my.tool', '--type', type, '--json']
      const {stdout} = await run(Init, argv, {cwd})
      assert.deepEqual(JSON.parse(stdout).created, ['apkg.json', file])
      const linted = await run(Lint, [], {cwd})
      const findings = linted.stdout
        .trim()
        .split('\n')
        .sort((a, b) => Number(b.startsWith(file)) - Number(a.startsWith(file)))
      assert.match(
        findings[0] ?? '',
        new RegExp(`^${file}:\\d:1: warning: \`description\` is still the template's text`),
      )
      assert.match(findings[1] ?? '', new RegExp(`^${file}:\\d:1: warning: This line is still the template's text`))
      assert.match(findings[2] ?? '', /^apkg\.json:5:3: warning: `description` is empty/)
      assert.equal(findings.length, 3, linted.stdout)
      assert.equal((await run(Pack, ['--dry-run'], {cwd})).stderr.match(/^Warning: /gm)?.length, 3)

      const text = await readFile(path.join(cwd, file), 'utf8')
      const written = text.replace(/^description: .*$/m, 'description: Mine').replace(/^Write .*$/m, 'Do this.')
      await writeFile(path.join(cwd, file), written)
      const manifest = path.join(cwd, 'apkg.json')
      await writeFile(
        manifest,
        (await readFile(manifest, 'utf8')).replace('"description": ""', '"description": "Mine"'),
      )
      const clean = await run(Lint, ['--max-warnings', '0'], {cwd})
      assert.equal(clean.exitCode, 0, clean.stdout)
      assert.doesNotMatch((await run(Pack, ['--dry-run'], {cwd})).stderr, /Warning/)
    }
  })

  it('init: suggests a name with the scope of the login', async (t) => {
    const session = await startSession(t)
    const cwd = await folderCalled(t, 'any')
    const {stderr, exitCode} = await session.run(Init, ['--name', 'greeter', '--type', 'skill'], {cwd})
    assert.equal(exitCode, 2)
    assert.match(stderr, /\n {2}hint: did you mean `--name @ada\/greeter`\?\n/)
    const anonymous = await (await startWorld(t)).run(Init, ['--name', 'greeter', '--type', 'skill'], {cwd})
    assert.doesNotMatch(anonymous.stderr, /did you mean/)
    const invalid = await session.run(Init, ['--name', 'no spaces', '--type', 'skill'], {cwd})
    assert.doesNotMatch(invalid.stderr, /did you mean/)
  })

  it('init: keeps an existing definition, and proposes its type, name and description', async (t) => {
    const {run} = await startWorld(t)
    const skill = '---\nname: pdf-tools\ndescription: Fills PDF: forms\n---\n'
    const cwd = await folderCalled(t, 'any', {'SKILL.md': skill})
    assert.equal((await run(Init, ['--yes'], {cwd})).exitCode, 0)
    const {name, type, description} = (await manifestIn(cwd)) as Record<string, unknown>
    assert.deepEqual([name, type, description], ['@scope/pdf-tools', 'skill', 'Fills PDF: forms'])
    assert.equal(await readFile(path.join(cwd, 'SKILL.md'), 'utf8'), skill)
  })

  it('init: --from takes a directory with a definition, without prompts', async (t) => {
    const {run} = await startSession(t)
    for (const [file, type] of [
      ['SKILL.md', 'skill'],
      ['skills/one/SKILL.md', 'skill'],
      ['agents/one.md', 'agent'],
      ['commands/one.md', 'command'],
      ['rules/one.mdc', 'rule'],
    ] as const) {
      const cwd = await makeTree(t, {
        [`mine/${file}`]: '---\nname: one\ndescription: >\n  Does\n  it\n---\n',
        'mine/README.md': '# Hi',
      })
      const {stdout, exitCode} = await run(Init, ['--from', 'mine', '--json'], {cwd, terminal: true})
      assert.equal(exitCode, 0, stdout)
      const {manifest, created, path: written} = JSON.parse(stdout)
      assert.deepEqual([manifest.name, manifest.type, manifest.description], ['@ada/one', type, 'Does it'])
      assert.deepEqual([created, written], [['apkg.json'], path.join(cwd, 'mine/apkg.json')])
    }
    const empty = await folderCalled(t, 'empty')
    const failure = failureOf(await run(Init, ['--from', '.', '--json'], {cwd: empty}))
    assert.deepEqual([failure.code, failure.exitCode], ['INIT_NOTHING_FOUND', 1])
  })
})
