import {AsyncLocalStorage} from 'node:async_hooks'

import type {NamedPlugin} from './trouble.js'

/** The plugin whose code is running: what it was called for, and what it left to run later. */
const running = new AsyncLocalStorage<NamedPlugin>()

let isGuarded = false

/**
 * Runs a plugin's code so that it does not end the process, and what it prints is talk: both the end and stdout are the
 * command's. An error that it leaves to nobody, as of a timer, can be told from ours by `runningPlugin`.
 */
export function inBounds<Result>(plugin: NamedPlugin, work: () => Result): Result {
  guard()
  return running.run(plugin, work)
}

/** Whose code is running; undefined where it is ours, or a plugin's command. */
export function runningPlugin(): NamedPlugin | undefined {
  return running.getStore()
}

function guard(): void {
  if (isGuarded) return
  isGuarded = true
  const {stdout, stderr} = process
  const exit = process.exit.bind(process)
  process.exit = (...code) => {
    if (runningPlugin()) throw new Error('it tried to end the process')
    return exit(...code)
  }
  const write = stdout.write.bind(stdout) as (...written: unknown[]) => boolean
  const talk = stderr.write.bind(stderr) as typeof write
  stdout.write = (...written: unknown[]) => (runningPlugin() ? talk : write)(...written)
}
