#!/usr/bin/env node
/**
 * Takes the screenshots of docs/screens.md, STYLE.md and the README: real commands on a pseudo-terminal of 80 columns, with
 * a registry on loopback. Writes `docs/images/<name>.svg`, and `<name>-light.svg` for a light background.
 */
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {stripVTControlCharacters} from 'node:util'

import {spawn as spawnOnTerminal} from '@lydell/node-pty'
import {render} from 'svg-term'

import {root} from '../workspace.js'
import {apkg, env, home, startMachine, stopMachine} from './machine.js'
import {password} from './story.js'

const columns = 80

/** The commands on each screenshot, run in a shell, in an order in which each succeeds or fails as it should. */
const screens = {
  start: ['apkg'],
  help: ['apkg token revoke --help'],
  tokens: ['apkg token create --label ci-deploy > ~/token.txt', 'apkg token list'],
  token: ['apkg token show ci-deploy'],
  install: ['apkg add @ada/review'],
  info: ['apkg search review', 'apkg info @ada/review'],
  lint: ['apkg init --name @ada/greeter --type skill --yes', 'apkg lint'],
  publish: ['apkg publish'],
  whoami: ['apkg whoami', 'apkg doctor'],
  error: ['apkg token revoke ci-deploy', 'APKG_TOKEN=$(cat ~/token.txt) apkg whoami'],
}

/** The directories in which commands run, other than the home directory. */
const folders = {install: 'project', lint: 'greeter', publish: 'checkout', whoami: 'project'}

/** Colors of a terminal with a light background: those of svg-term have too little contrast on white. */
const light = {
  ...{0: [36, 41, 47], 1: [185, 28, 28], 2: [21, 128, 61], 3: [146, 92, 6], 4: [29, 78, 216], 5: [126, 34, 206]},
  ...{6: [14, 116, 144], 7: [87, 96, 106], 8: [101, 109, 118], 9: [185, 28, 28], 10: [21, 128, 61]},
  ...{11: [146, 92, 6], 12: [29, 78, 216], 13: [126, 34, 206], 14: [14, 116, 144], 15: [36, 41, 47]},
  ...{background: [255, 255, 255], bold: [15, 20, 25], cursor: [87, 96, 106], text: [36, 41, 47]},
  ...{fontSize: 1.67, lineHeight: 1.3},
}

try {
  await startMachine()
  mkdirSync(join(home, 'project/.claude'), {recursive: true})
  mkdirSync(join(home, 'project/.cursor'))
  mkdirSync(join(home, 'greeter'))
  const manifest = {name: '@ada/project', version: '1.0.0', type: 'project'}
  writeFileSync(join(home, 'project/apkg.json'), JSON.stringify(manifest))
  writeFileSync(
    join(home, 'checkout/SKILL.md'),
    '---\nname: release\ndescription: Releases a package.\n---\n\n# Release\n',
  )
  apkg(['login', '--username', 'ada', '--password-stdin'], {input: password})
  for (const [name, lines] of Object.entries(screens)) {
    let text = ''
    for (const line of lines) text += `$ ${line}\r\n${await outputOf(line, join(home, folders[name] ?? '.'))}\r\n`
    draw(name, text.trimEnd())
    draw(`${name}-light`, text.trimEnd(), light)
    console.error(`Wrote docs/images/${name}.svg`)
  }
} finally {
  stopMachine()
}

/** @param theme undefined for the dark colors of svg-term. */
function draw(name, text, theme) {
  const lengths = text.split('\n').map((line) => stripVTControlCharacters(line).trimEnd().length)
  const rows = lengths.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / columns)), 1)
  // A later event would add a frame beside the visible one.
  const cast = [{version: 2, width: columns, height: rows}, [1, 'o', text]]
  const svg = render(cast.map((each) => JSON.stringify(each)).join('\n'), {
    window: true,
    at: 1000,
    cursor: false,
    theme,
  })
  writeFileSync(join(root, `docs/images/${name}.svg`), `${svg}\n`)
}

/** What a terminal shows of a line, without progress. */
function outputOf(line, cwd) {
  return new Promise((resolve) => {
    let output = ''
    const shell = spawnOnTerminal('bash', ['-c', line], {cols: columns, rows: 60, cwd, env})
    shell.onData((text) => (output += text))
    shell.onExit(() => resolve(output.replaceAll(/[^\n]*\r\u001B\[2K/g, '')))
  })
}
