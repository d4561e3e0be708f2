import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {Machine, program, Terminal} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'
import {inRepository} from '../support/repository.js'

const enter = '\r'
const space = ' '

it('docs/first-skill.md: its commands run as printed on a terminal, without warnings', async (t) => {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const machine = await Machine.start(t)
  const at = (file: string) => path.join(machine.home, file)
  const page = (await readFile(inRepository('docs/first-skill.md'), 'utf8')).replaceAll(
    'https://registry.example.com',
    registry.url,
  )
  const steps = [...page.matchAll(/^```(sh|markdown)\n([^]*?)^```$/gm)]
  assert.equal(steps.filter(([, language]) => language === 'sh').length, 8)

  const shell = await startShell(t, machine)
  for (const [, language, text = ''] of steps) {
    if (language === 'markdown') await writeFile(at('code-review/SKILL.md'), text)
    else for (const line of text.trim().split('\n')) await shell.run(line)
    if (text.endsWith('apkg link @ada/code-review\n')) assert.equal(await readFile(at(placed), 'utf8'), mine(page))
    if (text.startsWith('apkg unlink')) await assert.rejects(readFile(at(placed)), {code: 'ENOENT'})
  }

  assert.equal(await readFile(at(placed), 'utf8'), mine(page))
  const lock = JSON.parse(await readFile(at('my-app/apkg-lock.json'), 'utf8')) as {packages: object}
  assert.deepEqual(Object.keys(lock.packages), ['@ada/code-review@0.1.1'])
  assert.doesNotMatch(shell.text(), /warning/i)
})

const placed = 'my-app/.claude/skills/ada-code-review/SKILL.md'

/** What Claude Code gets from the definition on the page: its name is that of the directory. */
function mine(page: string): string {
  const [, text = ''] = /^```markdown\n([^]*?)^```$/m.exec(page) ?? []
  return text.replace('name: code-review', 'name: ada-code-review')
}

/** An interactive shell, and a user who answers what the commands ask. */
async function startShell(t: Parameters<typeof Machine.start>[0], machine: Machine) {
  const env = machine.environment({TERM: 'xterm-256color', LANG: 'C.UTF-8', PS1: '[$?] ready> '})
  const terminal = new Terminal(['--noprofile', '--norc', '-i'], env, machine.home, ['bash'])
  t.after(() => terminal.close())
  let prompts = 1
  const exitCode = async () => {
    const shown = () => [...terminal.text.matchAll(/\[(\d+)\] ready> /g)]
    const deadline = Date.now() + 60_000
    while (shown().length < prompts) {
      assert.ok(Date.now() < deadline, terminal.text)
      await sleep(20)
    }
    return shown().at(-1)?.[1]
  }
  const run = async (line: string, answers: readonly (readonly [string, string])[] = answersTo(line)) => {
    await exitCode()
    prompts += 1
    terminal.type(`${line}${enter}`)
    for (const [question, answer] of answers) {
      await terminal.see(question)
      terminal.type(answer)
    }
    assert.equal(await exitCode(), '0', `${line}\n${terminal.text}`)
  }
  await run(`apkg() { ${program.map((word) => `'${word}'`).join(' ')} "$@"; }`, [])
  return {run, text: () => terminal.text}
}

function answersTo(line: string): (readonly [string, string])[] {
  if (line.startsWith('apkg login')) {
    return [
      ['Username', `ada${enter}`],
      ['Password', `${password}${enter}`],
      ['your default registry?', enter],
    ]
  }
  return line === 'apkg link @ada/code-review' ? [['Which tools do you use', space + enter]] : []
}
