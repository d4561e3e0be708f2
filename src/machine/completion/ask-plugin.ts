import {pathToFileURL} from 'node:url'
import {Worker} from 'node:worker_threads'

import type {CompletionQuery, Ports} from '@apkg/command-kit'

import {withoutSecrets} from '@apkg/command-kit/secret-variables'
import type {Candidate} from './values/candidate.js'

/** A plugin's `apkg:complete` hook. */
export interface CompletionHookFile {
  /** Absolute path. */
  file: string
  /** The name of the export. */
  export: string
}

/** How long a thread may take to terminate, in milliseconds. */
const maxTerminationTime = 50

/** The thread's code, as a data URL, so that it works no matter how apkg is bundled. */
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
 * Asks a plugin for values in a separate thread, which is terminated on `signal`. So a plugin that throws, prints, hangs or
 * loops only loses its own values. Its environment contains no secrets.
 *
 * @returns the valid values.
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
 * Terminates a thread. A thread that blocks on another program, such as in `execFileSync`, can't be terminated, so the
 * process kills itself. By then, its output has been written.
 */
async function endThread(worker: Worker): Promise<void> {
  const stuck = setTimeout(() => process.kill(process.pid, 'SIGKILL'), maxTerminationTime)
  await worker.terminate()
  clearTimeout(stuck)
}

function candidateOf(value: unknown): Candidate[] {
  if (typeof value !== 'object' || value === null) return []
  const {value: word, description = ''} = value as Record<string, unknown>
  return typeof word === 'string' && typeof description === 'string' ? [{value: word, description}] : []
}
