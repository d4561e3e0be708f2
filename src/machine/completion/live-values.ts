import path from 'node:path'

import {completionClient, printable, timeoutSignal} from '@apkg/command-kit'

import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {answersFolder} from '../../catalog/cache/cache-path.js'
import {AnswerCache} from './answer-cache.js'
import type {CompletionHookFile} from './ask-plugin.js'
import type {Candidate, WantedValue} from './candidates.js'
import type {Machine, ValueSource} from './value-source.js'
import {valueSource} from './value-sources.js'

/** Where values are looked up, and for how long. */
export interface Search extends Machine {
  now: Date
  userAgent: string
  /** The hook by which a plugin completes. */
  hookOf: (plugin: string) => CompletionHookFile | undefined
  /** How long others may take to answer, in milliseconds; none are asked where nothing is left. */
  patience: number
  /** Whether an answer from a moment ago will do. */
  isCacheUsed: boolean
}

export interface LiveValues {
  values: Candidate[]
  /** Whether somebody was asked who has not answered yet, and should be given more time. */
  isUnanswered: boolean
}

/** A question to somebody who may take long to answer. */
interface Question {
  /** All that the answer depends on. */
  key: string[]
  ask: () => Promise<Candidate[]>
}

/**
 * Looks the values of a place up: what this machine knows, and what the registry or a plugin answers in time. Never
 * fails: where nothing can be found, there is nothing to complete.
 */
export async function liveValues(wanted: WantedValue, search: Search): Promise<LiveValues> {
  const source = await valueSource(wanted.kind)
  const known = (await source?.known?.(wanted, search).catch(() => [])) ?? []
  const asked = await answer(wanted, search, source).catch(() => ({values: [], isUnanswered: false}))
  const all = new Map([...asked.values, ...known].map((each) => [each.value, each]))
  return {values: [...all.values()].filter(isUsable), isUnanswered: asked.isUnanswered}
}

async function answer(wanted: WantedValue, search: Search, source: ValueSource | undefined): Promise<LiveValues> {
  const {env, home, now, patience} = search
  const signal = timeoutSignal(Math.max(0, patience))
  const question = source
    ? await questionToRegistry(wanted, search, source, signal)
    : questionToPlugin(wanted, search, signal)
  if (!question) return {values: [], isUnanswered: false}
  const cache = new AnswerCache(path.join(cacheFolder(env, home), answersFolder), now)
  const held = search.isCacheUsed ? cache.find(question.key) : undefined
  if (held) return {values: held, isUnanswered: false}
  await cache.keep(question.key, [])
  if (patience <= 0) return {values: [], isUnanswered: true}
  const values = await Promise.race([question.ask().catch(() => []), endOf(signal)])
  if (signal.aborted) return {values: [], isUnanswered: true}
  await cache.keep(question.key, values)
  return {values, isUnanswered: false}
}

function endOf(signal: AbortSignal): Promise<Candidate[]> {
  return new Promise((resolve) => {
    const end = () => {
      resolve([])
    }
    // The time may be over before anybody listens.
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
  })
}

async function questionToRegistry(
  wanted: WantedValue,
  {env, home, userAgent}: Search,
  {asked}: ValueSource,
  signal: AbortSignal,
): Promise<Question | undefined> {
  const about = asked?.about(wanted)
  if (!asked || about === undefined || isOffline(wanted, env)) return undefined
  const {auth} = wanted.command
  const registry = wanted.flags['registry'] === true ? undefined : wanted.flags['registry']
  const connection = await completionClient({env, home}, {registry, auth, userAgent, signal})
  if (!connection) return undefined
  const {client, identity} = connection
  return {key: [client.registry, identity, wanted.kind, about], ask: () => asked.ask(client, about)}
}

function questionToPlugin(
  {kind, typed, command, args, flags}: WantedValue,
  search: Search,
  signal: AbortSignal,
): Question | undefined {
  const hook = search.hookOf(command.plugin)
  if (!hook) return undefined
  const {env, cwd} = search
  const query = {kind, typed, command: command.id, args, flags, cwd}
  return {
    key: [command.plugin, JSON.stringify(query)],
    async ask() {
      const {askPlugin} = await import('./ask-plugin.js')
      return askPlugin(hook, query, {env, signal})
    },
  }
}

function isOffline({flags}: WantedValue, {APKG_OFFLINE = ''}: NodeJS.ProcessEnv): boolean {
  return flags['offline'] === true || /^(1|true|y|yes)$/i.test(APKG_OFFLINE)
}

/** What would be taken for a flag, or has what no word can have, was put there by somebody who means no good. */
function isUsable({value}: Candidate): boolean {
  return value !== '' && !value.startsWith('-') && printable(value) === value
}
