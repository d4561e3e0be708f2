/**
 * Logs in to a registry, creates a token and publishes a package with it, using types that are generated from the
 * registry's OpenAPI document:
 *
 *     npx openapi-typescript http://127.0.0.1:4873/openapi.json -o registry.d.ts
 *     npx tsc --module nodenext --strict publish.ts
 *     REGISTRY=http://127.0.0.1:4873 USERNAME=ada PASSWORD=… node publish.js apkg.json package.tar.zst
 */
import {createHash} from 'node:crypto'
import {readFile} from 'node:fs/promises'

import createClient from 'openapi-fetch'

import type {components, paths} from './registry.js'

type Problem = components['schemas']['Problem']
type Metadata = components['schemas']['PublishMetadata']

const {REGISTRY: baseUrl = 'http://127.0.0.1:4873', USERNAME: username = '', PASSWORD: password = ''} = process.env
const [manifestFile = 'apkg.json', tarballFile = 'package.tar.zst'] = process.argv.slice(2)

const client = createClient<paths>({baseUrl})
const bearer = (credential: string) => ({authorization: `Bearer ${credential}`})

const login = await client.POST('/auth/login', {body: {username, password}})
if (!login.data) throw refused(login.error)
if ('mfaRequired' in login.data) throw new Error('The account needs a second factor')

const created = await client.POST('/auth/tokens', {
  headers: bearer(login.data.accessToken),
  body: {name: 'openapi-client', scopes: ['publish'], expiresIn: '1h'},
})
if (!created.data) throw refused(created.error)
console.log(`Created the token ${created.data.name} (${created.data.prefix}…)`)

const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Omit<Metadata, 'integrity'>
const tarball = await readFile(tarballFile)
const {name, version, type, visibility} = manifest
const integrity = `sha256-${createHash('sha256').update(tarball).digest('base64')}`

const published = await client.PUT('/packages/{name}', {
  headers: bearer(created.data.token),
  params: {path: {name}},
  // The generator types files as strings, so `bodySerializer` adds the file.
  body: {metadata: {name, version, type, visibility, integrity}, tarball: tarballFile},
  bodySerializer: ({metadata}) => {
    const form = new FormData()
    form.append('metadata', JSON.stringify(metadata))
    form.append('tarball', new Blob([tarball], {type: 'application/zstd'}), 'package.tar.zst')
    return form
  },
})
if (!published.data) throw refused(published.error)
console.log(`Published ${published.data.name}@${published.data.version}`)

/** Every error of the registry has a code. */
function refused({error}: Problem): Error {
  return new Error(`${error.code}: ${error.message}`)
}
