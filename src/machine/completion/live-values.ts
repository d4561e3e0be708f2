import {completionClient, printable, timeoutSignal} from '@apkg/command-kit'

import {findProject} from '../../project/find-project.js'
import {packageOfProject} from '../../project/package-of-project.js'
import {readRoutes} from '../../project/read-routes.js'
import {noRoutes, routeOf} from '../../trust/routes.js'
import {AnswerCache} from './answer-cache.js'
import type {CompletionHookFile} from './ask-plugin.js'
import type {Candidate} from './values/candidate.js'
import type {WantedValue} from './fitting-words.js'
import type {Machine, ValueSource} from './values/value-source.js'
import {valueSource} from './value-sources.js'

export interface LookupOptions extends Machine {
  now: Date
  userAgent: string
  /** A plugin's completion hook. */
  hookOf: (plugin: string) => CompletionHookFile | undefined
  /** Time for the registry or a plugin to answer, in milliseconds. If it isn't positive, neither is asked. */
  timeout: number
  /** Whether a recent answer can be used. */
  isCacheUsed: boolean
}

export interface LiveValues {
  values: Candidate[]
  /** Whether the lookup timed out. */
  isUnanswered: boolean
}

/** A lookup that may take long. */
interface Question {
  /** Everything that the answer depends on. */
  key: string[]
  ask: () => Promise<Candidate[]>
}

/**
 * Looks up values on this machine, and from the registry or a plugin if it responds in time. Never fails: errors mean that
 * there are no values.
 */
export async function liveValues(wanted: WantedValue, options: LookupOptions): Promise<LiveValues> {
  const source = await valueSource(wanted.kind)
  const known = (await source?.known?.(wanted, options).catch(() => [])) ?? []
  const asked = await answer(wanted, options, source).catch(() => ({values: [], isUnanswered: false}))
  const all = new Map([...asked.values, ...known].map((each) => [each.value, each]))
  const isExcluded = await source?.excludes?.(wanted, options).catch(() => undefined)
  const values = [...all.values()].filter((each) => isUsable(each) && !isExcluded?.(each.value))
  return {values, isUnanswered: asked.isUnanswered}
}

async function answer(
  wanted: WantedValue,
  options: LookupOptions,
  source: ValueSource | undefined,
): Promise<LiveValues> {
  const {home, now, timeout} = options
  const signal = timeoutSignal(Math.max(0, timeout))
  const question = source
    ? await questionToRegistry(wanted, options, source, signal)
    : questionToPlugin(wanted, options, signal)
  if (!question) return {values: [], isUnanswered: false}
  const cache = new AnswerCache(home, now)
  const held = options.isCacheUsed ? cache.find(question.key) : undefined
  if (held) return {values: held, isUnanswered: false}
  await cache.keep(question.key, [])
  if (timeout <= 0) return {values: [], isUnanswered: true}
  const values = await Promise.race([question.ask().catch(() => undefined), endOf(signal)])
  if (signal.aborted) return {values: [], isUnanswered: true}
  // After a failure, the empty answer stays, so that not every Tab sends a request that fails.
  if (values?.length === 0) cache.drop(question.key)
  else if (values) await cache.keep(question.key, values)
  return {values: values ?? [], isUnanswered: false}
}

function endOf(signal: AbortSignal): Promise<Candidate[]> {
  return new Promise((resolve) => {
    const end = () => {
      resolve([])
    }
    // The signal may already be aborted.
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
  })
}

async function questionToRegistry(
  wanted: WantedValue,
  options: LookupOptions,
  {asked}: ValueSource,
  signal: AbortSignal,
): Promise<Question | undefined> {
  const {env, home, userAgent, now} = options
  const about = asked?.about(wanted)
  if (!asked || about === undefined || isOffline(wanted, env)) return undefined
  const {auth} = wanted.command
  const registry = wanted.flags['registry'] === true ? undefined : wanted.flags['registry']
  const owned = asked.isOfProject && registry === undefined ? await packageOfProject(options) : undefined
  const name = asked.isPackage ? about : owned
  const routes = name === undefined ? noRoutes : await readRoutes(findProject(options), home)
  const route = name === undefined ? undefined : routeOf(routes, name)
  const connection = await completionClient({env, home}, {registry, route, auth, userAgent, signal})
  if (!connection) return undefined
  const {client, identity} = connection
  // A registry can list packages of scopes that are routed to another registry.
  const isOwn = ({value}: Candidate) =>
    !value.includes('/') || (routeOf(routes, value) ?? client.registry) === client.registry
  return {
    key: [client.registry, identity, wanted.kind, about],
    ask: async () => (await asked.ask(client, about, now)).filter((each) => !asked.isPackage || isOwn(each)),
  }
}

function questionToPlugin(
  {kind, typed, command, args, flags}: WantedValue,
  options: LookupOptions,
  signal: AbortSignal,
): Question | undefined {
  const hook = options.hookOf(command.plugin)
  if (!hook) return undefined
  const {env, cwd} = options
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

/** Rejects values that look like flags or contain control characters, which a malicious server or plugin could return. */
function isUsable({value}: Candidate): boolean {
  return value !== '' && !value.startsWith('-') && printable(value) === value
}
