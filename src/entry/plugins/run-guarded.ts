import {AsyncLocalStorage} from 'node:async_hooks'

import type {NamedPlugin} from './plugin-warning.js'

/** The plugin whose code is running, including callbacks that it left to run later. */
const running = new AsyncLocalStorage<NamedPlugin>()

let isGuarded = false

/**
 * Runs a plugin's code. It can't exit the process, and its stdout goes to stderr: both belong to the command. If it
 * causes an uncaught error, such as in a timer, `runningPlugin` identifies it.
 */
export function runGuarded<Result>(plugin: NamedPlugin, work: () => Result): Result {
  guard()
  return running.run(plugin, work)
}

/** The plugin whose code is running; undefined for apkg's own code and for plugin commands. */
export function runningPlugin(): NamedPlugin | undefined {
  return running.getStore()
}

function guard(): void {
  if (isGuarded) return
  isGuarded = true
  const {stdout, stderr} = process
  const exit = process.exit.bind(process)
  process.exit = (...code) => {
    if (runningPlugin()) throw new Error('it tried to exit the process')
    return exit(...code)
  }
  const write = stdout.write.bind(stdout) as (...written: unknown[]) => boolean
  const writeToStderr = stderr.write.bind(stderr) as typeof write
  stdout.write = (...written: unknown[]) => (runningPlugin() ? writeToStderr : write)(...written)
}
