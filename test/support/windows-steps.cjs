/**
 * Runs apkg on Windows. Programs of Windows under Wine can't use the pipes of Linux, so this script starts the commands
 * and writes what they print to a file.
 *
 *     node.exe windows-steps.cjs STEPS OUTCOMES
 *
 * STEPS is a JSON file: `{program, steps: [{args, cwd, env, input}]}`. OUTCOMES gets a list of
 * `{stdout, stderr, exitCode}`.
 */
const {spawnSync} = require('node:child_process')
const {readFileSync, renameSync, writeFileSync} = require('node:fs')

const [, , stepsFile, outcomesFile] = process.argv
const {program, steps} = JSON.parse(readFileSync(stepsFile, 'utf8'))
const outcomes = steps.map(({args, cwd, env, input = ''}) => {
  const {status, stdout, stderr, error} = spawnSync(process.execPath, [program, ...args], {
    cwd,
    env: {...process.env, ...env},
    input,
    encoding: 'utf8',
    timeout: 120_000,
  })
  return {stdout, stderr: error ? `${stderr}${error.message}` : stderr, exitCode: status}
})
writeFileSync(`${outcomesFile}.new`, JSON.stringify(outcomes))
renameSync(`${outcomesFile}.new`, outcomesFile)
