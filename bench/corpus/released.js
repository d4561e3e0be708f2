// Packs, publishes, installs and sets up packages with the released command, as their authors and users would.
import {spawn} from 'node:child_process'
import {chmod, lstat, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import {installRelease} from '../installed-release.js'

const operator = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
const password = 'correct horse battery staple'

/**
 * Publishes each sample as a package, and installs the packages of each checkout in one project per tool.
 *
 * @returns for each sample why it couldn't be published, or for each tool what the tool gets
 */
export async function setUpWithRelease(samples, tools) {
  const folder = await mkdtemp(path.join(tmpdir(), 'apkg-corpus-'))
  const home = path.join(folder, 'home')
  const environment = {
    ...{PATH: process.env.PATH, HOME: home, APKG_NO_UPDATE_NOTIFIER: '1'},
    ...{XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home},
  }
  const data = path.join(folder, 'registry')
  const user = ['user', 'add', 'corpus', '--email', 'corpus@example.com', '--password-stdin']
  let server
  try {
    const release = await installRelease(folder)
    const operate = (args) => [operator, 'registry', ...args, '--data', data]
    const added = await run(operate(user), {cwd: folder, env: environment, input: password})
    if (added.exitCode !== 0) throw new Error(added.stderr)
    server = spawn(process.execPath, operate(['serve', '--port', '0', '--json']), {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const env = {...environment, APKG_REGISTRY: await urlOf(server)}
    const apkg = (args, cwd, input = '') => run([release, ...args], {cwd, env, input})
    const login = await apkg(['login', '--username', 'corpus', '--password-stdin'], folder, password)
    if (login.exitCode !== 0) throw new Error(login.stderr)
    const outcomes = []
    for (const sample of samples) {
      const name = `@corpus/${sample.type}-${outcomes.length}`
      const refused = await publish(apkg, path.join(folder, 'packages', name), name, sample)
      outcomes.push({sample, name, refused, conversions: new Map()})
    }
    for (const collection of new Set(samples.map((each) => each.collection))) {
      const published = outcomes.filter((each) => each.sample.collection === collection && each.refused === undefined)
      for (const tool of tools)
        await install(apkg, path.join(folder, 'projects', collection, tool.name), tool, published)
    }
    return outcomes
  } finally {
    server?.kill('SIGTERM')
    await rm(folder, {recursive: true, force: true, maxRetries: 20})
  }
}

/** @returns why the package can't be published; undefined if it was. */
async function publish(apkg, folder, name, {type, files}) {
  const manifest = {name, version: '1.0.0', type, description: 'Each.'}
  for (const {path: file, content, isExecutable} of files) {
    const target = path.join(folder, file)
    await mkdir(path.dirname(target), {recursive: true})
    await writeFile(target, content)
    if (isExecutable) await chmod(target, 0o755)
  }
  await mkdir(folder, {recursive: true})
  await writeFile(path.join(folder, 'apkg.json'), JSON.stringify(manifest))
  const {stdout, exitCode} = await apkg(['publish', '--no-sign', '--json'], folder)
  return exitCode === 0 ? undefined : JSON.parse(stdout).error.message
}

/** Adds what a tool gets to the outcome of each package. */
async function install(apkg, folder, tool, outcomes) {
  if (outcomes.length === 0) return
  await mkdir(folder, {recursive: true})
  const dependencies = Object.fromEntries(outcomes.map(({name}) => [name, '1.0.0']))
  const manifest = {name: '@corpus/project', version: '1.0.0', type: 'project', dependencies}
  await writeFile(path.join(folder, 'apkg.json'), JSON.stringify(manifest))
  // Without a tool, only `.agents/skills` is set up.
  const flags = tool.name === 'agents' ? [] : ['--setup', tool.name]
  const {stdout, stderr, exitCode} = await apkg(['install', '--json', ...flags], folder)
  if (exitCode !== 0) throw new Error(`${tool.name} in ${folder}: ${stdout}${stderr}`)
  const {written, unsupported, adjusted, left} = JSON.parse(stdout).setup
  if (left.length > 0) throw new Error(`${tool.name} in ${folder}: kept ${left[0].path}`)
  for (const {name, conversions} of outcomes) {
    const own = (list) => list.filter((each) => each.package === name && (each.tool ?? tool.name) === tool.name)
    const files = await Promise.all(own(written).map(({path: file}) => read(folder, file)))
    conversions.set(tool.name, {
      files: files.sort(mainFirst),
      adjustments: own(adjusted),
      refused: own(unsupported),
    })
  }
}

/** The definition comes before the files next to it. */
function mainFirst(a, b) {
  const rank = ({path: file}) => (file.endsWith('/SKILL.md') ? file.split('/').length : 100)
  return rank(a) - rank(b)
}

async function read(folder, file) {
  const full = path.join(folder, file)
  return {path: file, content: await readFile(full), isExecutable: ((await lstat(full)).mode & 0o100) !== 0}
}

async function urlOf(server) {
  for await (const line of createInterface({input: server.stdout})) return JSON.parse(line).url
  throw new Error('The registry did not start')
}

async function run(args, {cwd, env, input}) {
  const child = spawn(process.execPath, args, {cwd, env, stdio: ['pipe', 'pipe', 'pipe']})
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  return {stdout, stderr, exitCode}
}

async function text(stream) {
  let all = ''
  for await (const chunk of stream.setEncoding('utf8')) all += chunk
  return all
}
