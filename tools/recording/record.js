#!/usr/bin/env node
/**
 * Records the main use case for the README: real commands in a shell on a pseudo-terminal, with a registry on loopback.
 * Only the timing is evened out; the output is unchanged. Writes `docs/images/main-job.svg`.
 */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

import {spawn as spawnOnTerminal} from '@lydell/node-pty'
import {render} from 'svg-term'

import {root} from '../workspace.js'
import {env, home, prompt, startMachine, stopMachine} from './machine.js'
import {story} from './story.js'

const size = {cols: 104, rows: 27}

/** Seconds to wait after each event. */
const pace = {keys: 0.12, answer: 0.5, reading: 2.2, end: 6}

try {
  await startMachine()
  const events = await record()
  const header = {version: 2, width: size.cols, height: size.rows}
  const cast = [header, ...events].map((each) => JSON.stringify(each)).join('\n')
  const svg = render(cast, {window: true})
  writeFileSync(join(root, 'docs/images/main-job.svg'), `${svg}\n`)
  console.error(`Wrote docs/images/main-job.svg, ${Math.round(svg.length / 1000)} kB`)
} finally {
  stopMachine()
}

/** Types the story into a shell. Returns asciicast events: `[seconds, 'o', text]`. */
async function record() {
  const shell = spawnOnTerminal('bash', ['--norc', '--noprofile'], {...size, cwd: home, env})
  const events = []
  let time = 0
  let output = ''
  shell.onData((text) => {
    output += text
    events.push([time, 'o', text])
  })
  const seen = async (text) => {
    const deadline = Date.now() + 40_000
    while (!output.endsWith(text) && !(text !== prompt && output.includes(text))) {
      if (Date.now() > deadline) throw new Error(`\`${text}\` was not shown:\n${output}`)
      await sleep(20)
    }
    await sleep(150)
    output = ''
  }
  const type = async (keys) => {
    for (const word of keys.match(/\S+\s*/g)) {
      time += pace.keys
      shell.write(word)
      await sleep(150)
    }
    time += pace.answer
    output = ''
    shell.write('\r')
  }
  await seen(prompt)
  for (const {line, answers = []} of story) {
    time += pace.answer
    await type(line)
    for (const {to, keys} of answers) {
      await seen(to)
      time += pace.answer
      await type(keys)
    }
    await seen(prompt)
    time += pace.reading
  }
  shell.kill('SIGKILL')
  return [...events, [time + pace.end, 'o', '']]
}
