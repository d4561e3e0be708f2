#!/usr/bin/env node
/**
 * Takes the screenshots of STYLE.md and the README: real commands on a pseudo-terminal of 80 columns, with a registry on
 * loopback. Writes `docs/images/<name>.svg`.
 */
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {spawn as spawnOnTerminal} from '@lydell/node-pty'
import {render} from 'svg-term'

import {root} from '../workspace.js'
import {apkg, env, home, startMachine, stopMachine} from './machine.js'
import {password} from './story.js'

const columns = 80

/** The commands on each screenshot, run in a shell. */
const screens = {
  tokens: ['apkg token create --label ci-deploy > ~/token.txt', 'apkg token list'],
  install: ['cd ~/project && apkg add @ada/review'],
  error: ['apkg token revoke ci-deploy', 'APKG_TOKEN=$(cat ~/token.txt) apkg whoami'],
}

try {
  await startMachine()
  mkdirSync(join(home, 'project/.claude'), {recursive: true})
  mkdirSync(join(home, 'project/.cursor'))
  writeFileSync(
    join(home, 'project/apkg.json'),
    JSON.stringify({name: '@ada/project', version: '1.0.0', type: 'project'}),
  )
  apkg(['login', '--username', 'ada', '--password-stdin'], {input: password})
  for (const [name, lines] of Object.entries(screens)) {
    let text = ''
    for (const line of lines) text += `$ ${line}\r\n${await outputOf(line)}\r\n`
    const rows = text.trimEnd().split('\n').length + 1
    const cast = [{version: 2, width: columns, height: rows}, [0, 'o', text.trimEnd()], [1, 'o', '']]
    const svg = render(cast.map((each) => JSON.stringify(each)).join('\n'), {window: true, at: 500, cursor: false})
    writeFileSync(join(root, `docs/images/${name}.svg`), `${svg}\n`)
    console.error(`Wrote docs/images/${name}.svg`)
  }
} finally {
  stopMachine()
}

/** What a terminal shows of a line, without progress. */
function outputOf(line) {
  return new Promise((resolve) => {
    let output = ''
    const shell = spawnOnTerminal('bash', ['-c', line], {cols: columns, rows: 40, cwd: home, env})
    shell.onData((text) => (output += text))
    shell.onExit(() => resolve(output.replaceAll(/[^\n]*\r\u001B\[2K/g, '')))
  })
}
