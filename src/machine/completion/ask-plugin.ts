import {pathToFileURL} from 'node:url'
import {Worker} from 'node:worker_threads'

import type {CompletionQuery, Ports} from '@apkg/command-kit'

import {withoutSecrets} from '../../files/secret-variables.js'
import type {Candidate} from './candidates.js'

/** A plugin's hook `apkg:complete`: the file, and the name of its export. */
export interface CompletionHookFile {
  /** Absolute. */
  file: string
  export: string
}

/** How long a thread has to end when it is told to, in milliseconds. */
const graceToEnd = 50

/** What the thread runs: a text and not a file, so that it is there however apkg is bundled. */
function threadFor(file: string): URL {
  const module = `
import {parentPort, workerData} from 'node:worker_threads'
import * as hook from ${JSON.stringify(pathToFileURL(file).href)}
const {name, query} = workerData
try {
  parentPort.postMessage(await (hook[name] ?? hook.default)(query))
} catch {
  parentPort.postMessage([])
}
process.exit()
`
  return new URL(`data:text/javascript,${encodeURIComponent(module)}`)
}

/**
 * Asks a plugin for values, in a thread of its own: one that throws, prints, never answers or goes round in circles is
 * ended with the signal, and costs nothing but its values. It finds no token in its environment.
 *
 * @returns what of the answer has the right shape.
 */
export function askPlugin(
  hook: CompletionHookFile,
  query: CompletionQuery,
  {env, signal}: Pick<Ports, 'env'> & {signal: AbortSignal},
): Promise<Candidate[]> {
  return new Promise((resolve) => {
    const worker = new Worker(threadFor(hook.file), {
      workerData: {name: hook.export, query},
      env: withoutSecrets(env),
      stdin: true,
      stdout: true,
      stderr: true,
    })
    const end = () => {
      resolve([])
      void endThread(worker)
    }
    signal.addEventListener('abort', end, {once: true})
    worker.once('message', (values: unknown) => {
      resolve(Array.isArray(values) ? values.flatMap(candidateOf) : [])
    })
    for (const event of ['error', 'exit']) {
      worker.once(event, () => {
        signal.removeEventListener('abort', end)
        resolve([])
      })
    }
  })
}

/**
 * A thread that waits for another program, as `execFileSync` does, hears of nothing, and Node waits for it: then the whole
 * process is ended, which has said by now what it had to say.
 */
async function endThread(worker: Worker): Promise<void> {
  const stuck = setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceToEnd)
  await worker.terminate()
  clearTimeout(stuck)
}

function candidateOf(value: unknown): Candidate[] {
  if (typeof value !== 'object' || value === null) return []
  const {value: word, description = ''} = value as Record<string, unknown>
  return typeof word === 'string' && typeof description === 'string' ? [{value: word, description}] : []
}
