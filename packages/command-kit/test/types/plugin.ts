/** What a plugin's author writes in TypeScript. Compiled by `published.test.ts`, and never run. */
import {
  ApkgCommand,
  failure,
  RegistryCommand,
  Secret,
  type Credential,
  type CredentialSource,
  type ObservedRequest,
  type RequestObserver,
  type ToolTarget,
} from '@apkg/command-kit'
import {runCommand, type Outcome} from '@apkg/command-kit/testing'
import {Flags, type Config} from '@oclif/core'

export class Hello extends RegistryCommand<{username: string}> {
  static override readonly summary = 'Greet whoever is logged in.'
  static override readonly auth = 'optional'
  static override readonly flags = {loud: Flags.boolean()}

  async run(): Promise<{username: string}> {
    const {flags} = await this.parse(Hello)
    const {client, target} = await this.connect(flags)
    const {username} = await client.call('whoami', {})
    const page = await client.call('listTokens', {query: {cursor: 'next'}})
    const labels: string[] = page.tokens.map(({name}) => name)
    this.note(`${labels.length} on ${target.registry}, as ${client.credential?.source ?? 'nobody'}`)
    // @ts-expect-error -- what is shown is the result.
    await this.show({name: username}, username)
    // @ts-expect-error -- the protocol has no such endpoint.
    await client.call('whoAmI', {})
    // @ts-expect-error -- an endpoint takes what its schema declares.
    await client.call('listTokens', {query: {page: 2}})
    // @ts-expect-error -- a command never sees the credential, only where it came from.
    client.credential?.secret.expose()
    return this.show({username}, flags.loud ? username.toUpperCase() : username)
  }
}

// @ts-expect-error -- the result is an object: oclif prints nothing for a falsy one.
export abstract class Count extends ApkgCommand<number> {}

// @ts-expect-error -- no such policy.
export abstract class Strange extends RegistryCommand<object> {
  static override readonly auth = 'perhaps'
}

export const source: CredentialSource = {
  name: 'vault',
  async find({registry, env, note}): Promise<Credential | undefined> {
    const value = env['VAULT_TOKEN']
    note(`looked for ${registry}`)
    return value === undefined ? undefined : {secret: new Secret(value), source: 'the vault'}
  },
}

export const plain: CredentialSource = {
  name: 'vault',
  // @ts-expect-error -- a credential is a secret with its source, and no string.
  find: () => Promise.resolve('token'),
}

export const observer: RequestObserver = {
  name: 'timings',
  observe({method, url, status, duration, attempt, requestId}: ObservedRequest) {
    const took: number = duration
    process.stderr.write([method, url, status ?? 0, took, attempt, requestId ?? ''].join(' '))
  },
}

// @ts-expect-error -- an observer is told of no header.
export const nosy: RequestObserver = {name: 'nosy', observe: ({headers}) => Promise.resolve(headers)}

export const tool: ToolTarget = {
  name: 'gemini-cli',
  title: 'Gemini CLI',
  folder: '.gemini',
  place: {command: ({flatName, definitions}) => ({files: definitions.map(() => ({path: flatName, content: ''}))})},
}

export const library: ToolTarget = {
  ...tool,
  // @ts-expect-error -- tools read no package of this type.
  place: {library: () => ({files: []})},
}

export function refuse(): never {
  // @ts-expect-error -- the table has no such failure.
  failure('OH_NO')
  throw failure('USAGE', {message: 'no'})
}

export async function test(config: Config): Promise<Outcome> {
  // @ts-expect-error -- the home folder is required, so that no test touches a real one.
  await runCommand(Hello, [], config, {})
  return runCommand(Hello, ['--loud'], config, {home: '/tmp/home', env: {APKG_TOKEN: 'opaque'}})
}
