/** Examples of valid and invalid plugin code. `published.slow-types.test.ts` compiles them but never runs them. */
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
  static override readonly summary = 'Greet the user who is logged in.'
  static override readonly auth = 'optional'
  static override readonly flags = {loud: Flags.boolean()}

  async run(): Promise<{username: string}> {
    const {flags} = await this.parse(Hello)
    const {client, target} = await this.connect(flags)
    const {username} = await client.call('whoami', {})
    const page = await client.call('listTokens', {query: {cursor: 'next'}})
    const labels: string[] = page.tokens.map(({name}) => name)
    this.note(`${labels.length} on ${target.registry}, with ${client.credential?.source ?? 'no credential'}`)
    // @ts-expect-error -- `show` takes the type of the result.
    await this.show({name: username}, username)
    // @ts-expect-error -- the protocol has no such endpoint.
    await client.call('whoAmI', {})
    // @ts-expect-error -- the input must match the schema of the endpoint.
    await client.call('listTokens', {query: {page: 2}})
    // @ts-expect-error -- commands see only the source of the credential.
    client.credential?.secret.expose()
    return this.show({username}, flags.loud ? username.toUpperCase() : username)
  }
}

// @ts-expect-error -- the result must be an object.
export abstract class Count extends ApkgCommand<number> {}

// @ts-expect-error -- this policy does not exist.
export abstract class UnknownPolicy extends RegistryCommand<object> {
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

export const plainString: CredentialSource = {
  name: 'vault',
  // @ts-expect-error -- a credential is an object with a secret and its source, not a string.
  find: () => Promise.resolve('token'),
}

export const observer: RequestObserver = {
  name: 'timings',
  observe({method, url, status, duration, attempt, requestId}: ObservedRequest) {
    const took: number = duration
    process.stderr.write([method, url, status ?? 0, took, attempt, requestId ?? ''].join(' '))
  },
}

// @ts-expect-error -- observers do not get headers.
export const nosy: RequestObserver = {name: 'nosy', observe: ({headers}) => Promise.resolve(headers)}

export const tool: ToolTarget = {
  name: 'qwen-code',
  title: 'Qwen Code',
  folder: '.qwen',
  place: {command: ({flatName, definitions}) => ({files: definitions.map(() => ({path: flatName, content: ''}))})},
}

export const library: ToolTarget = {
  ...tool,
  // @ts-expect-error -- tools cannot load packages of this type.
  place: {library: () => ({files: []})},
}

export function fail(): never {
  // @ts-expect-error -- this failure is not defined.
  failure('OH_NO')
  throw failure('USAGE', {message: 'no'})
}

export async function test(config: Config): Promise<Outcome> {
  // @ts-expect-error -- `home` is required, so that tests never use the real home directory.
  await runCommand(Hello, [], config, {})
  return runCommand(Hello, ['--loud'], config, {home: '/tmp/home', env: {APKG_TOKEN: 'opaque'}})
}
