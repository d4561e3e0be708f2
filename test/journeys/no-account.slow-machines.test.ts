import assert from 'node:assert/strict'
import {mkdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {program as release} from '../support/machine.js'
import {giveAway, onlyRoot, runAsOther} from '../support/other-user.js'
import {startOtherUsersProject} from '../support/other-users-project.js'
import {password} from '../support/registry.js'
import {inRepository} from '../support/repository.js'
import {tempFolder} from '../support/temp-folder.js'

const passphrase = {APKG_KEY_PASSPHRASE: 'correct horse'}

interface Step {
  args: string
  /** The exit code without a home directory, if it differs. */
  withoutHome?: number
  exit?: number
  input?: string
}

/** Every command, in an order in which each succeeds. */
const steps: readonly Step[] = [
  {args: '--version'},
  {args: 'start'},
  {args: 'help'},
  {args: 'doctor', withoutHome: 1},
  {args: 'completions bash'},
  {args: 'autocomplete bash'},
  {args: 'complete -- conf'},
  {args: 'add-to-path', withoutHome: 1},
  {args: 'check-update', exit: 5},
  {args: 'config list'},
  {args: 'config set defaultSetup.kiro false', withoutHome: 1},
  {args: 'config get defaultSetup.kiro', withoutHome: 1},
  {args: 'config delete defaultSetup.kiro', withoutHome: 1},
  {args: 'login --username ada --password-stdin', withoutHome: 1, input: password},
  {args: 'logout'},
  {args: 'whoami'},
  {args: 'token create --label other'},
  {args: 'token list'},
  {args: 'token show other'},
  {args: 'token can publish @ada/tool'},
  {args: 'token log'},
  {args: 'token rotate other'},
  {args: 'token suspend other'},
  {args: 'token resume other'},
  {args: 'token revoke other'},
  {args: 'org member list acme'},
  {args: 'org member add acme bob'},
  {args: 'org member remove acme bob'},
  {args: 'session list'},
  {args: 'session revoke --all --except-current --yes'},
  {args: 'trusted-publisher add @ada/tool --github ada/tool --workflow publish.yml'},
  {args: 'trusted-publisher list'},
  {args: 'trusted-publisher require @ada/*'},
  {args: 'trusted-publisher require @ada/* --undo'},
  {args: 'trusted-publisher remove', exit: 2},
  {args: 'key generate --name main', withoutHome: 1},
  {args: 'key register', withoutHome: 1},
  {args: 'key list'},
  {args: 'key rotate', exit: 2},
  {args: 'key revoke', exit: 2},
  {args: 'trust list'},
  {args: 'trust keys'},
  {args: 'trust add @acme http://localhost:1', withoutHome: 1},
  {args: 'trust accept', exit: 1},
  {args: 'trust set signatures warn', withoutHome: 1},
  {args: 'trust remove @acme', withoutHome: 1},
  {args: 'search base'},
  {args: 'info @ada/base'},
  {args: 'install'},
  {args: 'remove @ada/base'},
  {args: 'add @ada/base'},
  {args: 'install --frozen-lockfile'},
  {args: 'ci'},
  {args: 'why @ada/base'},
  {args: 'update'},
  {args: 'outdated'},
  {args: 'list'},
  {args: 'verify'},
  {args: 'audit signatures'},
  {args: 'setup', withoutHome: 1},
  {args: 'setup --check'},
  {args: 'lint'},
  {args: 'pack'},
  {args: 'publish'},
  {args: 'dist-tag add @ada/tool@1.0.0 beta'},
  {args: 'dist-tag ls @ada/tool'},
  {args: 'dist-tag rm @ada/tool beta'},
  {args: 'deprecate @ada/tool@1.0.0 old'},
  {args: 'yank @ada/tool@1.0.0'},
  {args: 'yank @ada/tool@1.0.0 --undo'},
  {args: 'link', withoutHome: 1},
  {args: 'unlink'},
  {args: 'cache list'},
  {args: 'cache verify'},
  {args: 'cache clean'},
  {args: 'version patch --no-git'},
  {args: 'init --yes --force --name @ada/other'},
  {args: 'plugins'},
]

const programs: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'the release': release,
  'the checkout': [process.execPath, inRepository('bin/run.js')],
}

describe('a uid without an account', onlyRoot, () => {
  it('a uid without an account: every command is tried', async () => {
    const {commands} = JSON.parse(await readFile(inRepository('oclif.manifest.json'), 'utf8'))
    const isTried = (id: string) => steps.some(({args}) => `${args} `.startsWith(`${id.replaceAll(':', ' ')} `))
    assert.deepEqual(
      Object.keys(commands).filter((id) => !isTried(id)),
      [],
    )
  })

  for (const [title, program] of Object.entries(programs)) {
    for (const hasHome of [false, true]) {
      const where = hasHome ? 'with a home directory, but no shell' : 'without a home directory or a shell'
      it(`a uid without an account: every command of ${title} works ${where}`, async (t) => {
        const {project, env} = await checkedOut(t)
        const home = await tempFolder(t)
        await giveAway(home)
        const wrong: string[] = []
        for (const {args, exit = 0, withoutHome = exit, input} of steps) {
          const {stdout, stderr, exitCode} = await runAsOther([...program, ...words(args)], {
            env: {...env, ...passphrase, ...(hasHome && {HOME: home})},
            cwd: project,
            ...(input !== undefined && {input}),
          })
          const expected = hasHome ? exit : withoutHome
          const isExplained =
            hasHome ||
            withoutHome === exit ||
            /\/\.apkg|No local keys|not pinned|Config key not set|run `apkg install`/.test(stdout + stderr)
          const isClean = !/Unexpected error|node:internal|uv_os/.test(stdout + stderr)
          if (exitCode !== expected || !isExplained || !isClean) {
            wrong.push(`apkg ${args}: exit ${exitCode} instead of ${expected}\n${stdout}${stderr}`)
          }
        }
        assert.deepEqual(wrong, [])
        const placed = await readFile(path.join(project, '.claude/skills/ada-base/SKILL.md'), 'utf8')
        assert.match(placed, /Read\./)
      })
    }
  }
})

function words(args: string): string[] {
  return args.split(' ')
}

/** A registry, and a package that depends on another one, in a directory of the uid. */
async function checkedOut(t: TestContext) {
  const {project, env} = await startOtherUsersProject(t)
  await mkdir(path.join(project, '.claude'))
  await giveAway(project)
  return {project, env}
}
