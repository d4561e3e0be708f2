import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {it, type TestContext} from 'node:test'

import {Machine, Terminal} from '../support/machine.js'
import {password} from '../support/registry.js'
import {repository} from '../support/repository.js'

it('README: the commands to try it by hand run as printed in a clone', async (t) => {
  const machine = await Machine.start(t)
  const [operator, user] = await blocksToTry()
  assert.ok(operator && user)

  const first = shellIn(t, machine)
  // Another registry may listen on the default port of this machine. Without pages, the login asks for the password here.
  await run(
    first,
    operator.map((line) => line.replace('registry serve', 'registry serve --port 0 --no-web')),
  )
  await first.see(/^ {2}Address +http:\/\/127\.0\.0\.1:\d+$/m)
  const [, url = ''] = /^ {2}Address +(http:\/\/127\.0\.0\.1:\d+)$/m.exec(first.text) ?? []

  const second = shellIn(t, machine)
  await run(
    second,
    user.map((line) => line.replace('http://127.0.0.1:4873', url)),
  )
  await second.see(/^LABEL +ID/m)
  assert.match(second.text, /^apkgt_[0-9A-Za-z]{38}$/m)
  assert.match(second.text, /^ci-deploy +\w{16} /m)
})

/** The shell blocks about trying it by hand: one for each of two terminals. */
async function blocksToTry(): Promise<string[][]> {
  const readme = await readFile(path.join(repository, 'README.md'), 'utf8')
  const [, section = ''] = /^## Try it from a clone\n([^]*?)^## /m.exec(readme) ?? []
  const blocks = [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block.trim().split('\n'))
  return blocks.filter(([line]) => line?.startsWith('alias'))
}

function shellIn(t: TestContext, machine: Machine): Terminal {
  const env = machine.environment({TERM: 'xterm-256color', PS1: 'ready> '})
  const shell = new Terminal(['--noprofile', '--norc', '-i'], env, repository, ['bash'])
  t.after(() => shell.close())
  return shell
}

/** Types lines into a shell, and answers what the commands ask. */
async function run(shell: Terminal, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await shell.see(/ready> $/)
    shell.type(`${line}\r`)
    if (line.includes('login')) await answer(shell, /Username/, 'ada')
    if (/login|user add/.test(line)) await answer(shell, /Password/, password)
    if (line.includes('user add')) await answer(shell, /Confirm password/, password)
  }
}

async function answer(shell: Terminal, question: RegExp, keys: string): Promise<void> {
  await shell.see(question)
  shell.type(`${keys}\r`)
}
