/**
 * Runs apkg on Windows. Programs of Windows under Wine can't use the pipes of Linux, so this script starts the commands
 * and writes what they print to a file.
 *
 *     node.exe windows-steps.cjs STEPS OUTCOMES
 *
 * STEPS is a JSON file: `{program, steps: [{args, cwd, env, input, isServer}]}`. OUTCOMES gets a list of
 * `{stdout, stderr, exitCode}`. A server runs until the last step has ended. Its step ends with its first line of output.
 */
const {spawn, spawnSync} = require('node:child_process')
const {closeSync, openSync, readFileSync, renameSync, writeFileSync} = require('node:fs')
const {setTimeout} = require('node:timers/promises')

const [, , stepsFile, outcomesFile] = process.argv
const {program, steps} = JSON.parse(readFileSync(stepsFile, 'utf8'))
const servers = []

function run({args, cwd, env, input = ''}) {
  const {status, stdout, stderr, error} = spawnSync(process.execPath, [program, ...args], {
    cwd,
    env: {...process.env, ...env},
    input,
    encoding: 'utf8',
    timeout: 120_000,
  })
  return {stdout, stderr: error ? `${stderr}${error.message}` : stderr, exitCode: status}
}

async function serve({args, cwd, env}) {
  const files = ['out', 'err'].map((name) => `${outcomesFile}.${servers.length}.${name}`)
  const output = files.map((file) => openSync(file, 'w'))
  const server = spawn(process.execPath, [program, ...args], {
    cwd,
    env: {...process.env, ...env},
    stdio: ['ignore', ...output],
  })
  output.forEach(closeSync)
  servers.push(server)
  const read = () => files.map((file) => readFileSync(file, 'utf8'))
  for (let waited = 0; waited < 120_000 && server.exitCode === null; waited += 100) {
    const [stdout, stderr] = read()
    if (stdout.includes('\n')) return {stdout, stderr, exitCode: 0}
    await setTimeout(100)
  }
  const [stdout, stderr] = read()
  return {stdout, stderr, exitCode: server.exitCode ?? -1}
}

async function runAll() {
  const outcomes = []
  for (const step of steps) outcomes.push(step.isServer ? await serve(step) : run(step))
  for (const server of servers) server.kill()
  writeFileSync(`${outcomesFile}.new`, JSON.stringify(outcomes))
  renameSync(`${outcomesFile}.new`, outcomesFile)
}

void runAll()
