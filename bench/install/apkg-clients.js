import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import {formatIntegrity} from '@apkg/package-format'
import {writeArchive} from '@apkg/package-format/archive'

import {measure, run} from './measure.js'
import {places} from './places.js'

const operator = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
const password = 'correct horse battery staple'
const scope = '@ada'

/**
 * Publishes packages to a registry on loopback.
 *
 * @param folder an existing directory, for all data
 * @param env the environment of all processes
 * @returns the variables with which a client finds it, the dependencies for a project, and a function that stops it
 */
export async function startRegistry(packages, folder, env) {
  const data = path.join(folder, 'registry')
  const user = ['registry', 'user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin', '--data', data]
  await run(process.execPath, [operator, ...user], {env, input: password})
  const {url, stop} = await serve(data, env)
  try {
    const {accessToken} = await post(`${url}/auth/login`, {username: 'ada', password})
    for (const each of packages) await publish(url, accessToken, each)
    const {token} = await post(`${url}/auth/tokens`, {name: 'bench', scopes: ['read']}, accessToken)
    const dependencies = Object.fromEntries(
      packages.filter(({isRoot}) => isRoot).map(({name}) => [`${scope}/${name}`, '^1.0.0']),
    )
    return {env: {APKG_TOKEN: token, APKG_REGISTRY: url}, dependencies, stop}
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Installs a project once, to create a lockfile and fill the cache.
 *
 * @param command the program and its first arguments
 * @param cacheVariable the name of the environment variable that moves the client's cache
 */
export async function prepareApkg({name, command, cacheVariable}, {env: variables, dependencies}, folder, env) {
  const project = path.join(folder, name)
  await mkdir(project)
  // The first client requires these three fields.
  const about = {description: '', license: 'MIT', visibility: 'public'}
  const manifest = {name: `${scope}/project`, version: '1.0.0', type: 'project', ...about, dependencies}
  await writeFile(path.join(project, 'apkg.json'), JSON.stringify(manifest, undefined, 2))
  const options = (place, cache) => ({cwd: place, env: {...env, ...variables, [cacheVariable]: cache}})
  const [program, ...first] = command
  await run(program, [...first, 'install'], options(project, `${project}-cache`))
  const where = places(project, ['apkg.json', 'apkg-lock.json'])
  return {
    run: (args) => measure([...command, ...args], options(project, `${project}-cache`)),
    frozen: async (how) => {
      const {place, cache} = await where(how)
      return measure([...command, 'install', '--frozen-lockfile'], options(place, cache))
    },
  }
}

async function serve(data, env) {
  const args = [operator, 'registry', 'serve', '--port', '0', '--json', '--data', data]
  const child = spawn(process.execPath, args, {env, stdio: ['ignore', 'pipe', 'ignore']})
  const stop = () =>
    new Promise((resolve) => {
      child.once('close', resolve)
      child.kill('SIGTERM')
    })
  for await (const line of createInterface({input: child.stdout})) return {url: JSON.parse(line).url, stop}
  throw new Error('The registry did not start')
}

async function publish(url, accessToken, {name, dependencies, files}) {
  const manifest = {
    name: `${scope}/${name}`,
    version: '1.0.0',
    type: 'skill',
    description: '',
    license: 'MIT',
    dependencies: Object.fromEntries(dependencies.map((each) => [`${scope}/${each}`, '^1.0.0'])),
    visibility: 'public',
  }
  const bytes = await writeArchive(
    [{path: 'apkg.json', text: `${JSON.stringify(manifest, undefined, 2)}\n`}, ...files].map(({path, text}) => ({
      path,
      isExecutable: false,
      content: Buffer.from(text),
    })),
  )
  const {description: _, ...metadata} = manifest
  const form = new FormData()
  const integrity = formatIntegrity(createHash('sha256').update(bytes).digest())
  form.set('metadata', JSON.stringify({...metadata, integrity}))
  form.set('tarball', new Blob([bytes], {type: 'application/zstd'}), 'package.tar.zst')
  const response = await fetch(`${url}/packages/${encodeURIComponent(manifest.name)}`, {
    method: 'PUT',
    headers: {authorization: `Bearer ${accessToken}`},
    body: form,
  })
  if (!response.ok) throw new Error(`${manifest.name} could not be published: ${await response.text()}`)
}

async function post(url, body, accessToken) {
  const headers = {'content-type': 'application/json', ...(accessToken && {authorization: `Bearer ${accessToken}`})}
  const response = await fetch(url, {method: 'POST', headers, body: JSON.stringify(body)})
  if (!response.ok) throw new Error(`${url} responded with ${response.status}: ${await response.text()}`)
  return response.json()
}
