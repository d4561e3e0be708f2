// Runs the main use case with real processes and a real registry. A user logs in, publishes a package and creates a token.
// A clean machine that has only APKG_TOKEN installs from a lockfile and publishes. After the token is revoked, the next
// request of that machine is refused.
//
// node tools/demo.js [--bin <installed apkg with the registry plugin>]
import {spawn} from 'node:child_process'
import {copyFile, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

const {values} = parseArgs({options: {bin: {type: 'string'}}})
const checkout = (name) => [process.execPath, fileURLToPath(new URL(`../bin/${name}`, import.meta.url))]
const apkg = values.bin ? [values.bin] : checkout('run.js')
const apkgWithPlugin = values.bin ? [values.bin] : checkout('dev.js')
const password = 'correct horse battery staple'

const folder = await mkdtemp(path.join(tmpdir(), 'apkg-demo-'))
let server
try {
  await runDemo()
} finally {
  if (server) await stop(server)
  await rm(folder, {recursive: true, force: true})
}

async function runDemo() {
  const data = path.join(folder, 'registry')

  say('An operator creates a registry with one user and starts it.')
  const operator = {...process.env}
  await run(
    operator,
    apkgWithPlugin,
    ['registry', 'user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin', '--data', data],
    {input: password},
  )
  const registry = await serve(operator, data)

  say('Ada logs in on her machine, publishes a package, and uses it in another.')
  const person = await machine('ada')
  await run(person, apkg, ['login', '--registry', registry, '--username', 'ada', '--password-stdin'], {input: password})
  await run(person, apkg, ['config', 'set', 'registry', registry])
  const base = await project(person, '@ada/base', {'SKILL.md': skill('base')})
  await run(person, apkg, ['publish'], {cwd: base})
  const tool = await project(person, '@ada/tool', {'SKILL.md': skill('tool')})
  await run(person, apkg, ['add', '@ada/base'], {cwd: tool})

  say('She creates a token for CI.')
  const {stdout} = await run(person, apkg, ['token', 'create', '--label', 'ci-deploy'], {secretOutput: true})
  const token = stdout.trim()
  expect(/^apkgt_[0-9A-Za-z]{38}$/.test(token), 'stdout contains only the token')
  const listed = await run(person, apkg, ['token', 'list'])
  expect(
    listed.stdout.includes('ci-deploy') && !listed.stdout.includes(token),
    'the list shows its label but not its value',
  )

  say('A clean machine, with an empty home, no terminal and only APKG_TOKEN set, installs and publishes.')
  const ci = {...(await machine('ci')), APKG_REGISTRY: registry, APKG_TOKEN: token}
  const checkedOut = path.join(folder, 'ci', 'checkout')
  await mkdir(checkedOut)
  for (const file of ['apkg.json', 'apkg-lock.json', 'SKILL.md']) {
    await copyFile(path.join(tool, file), path.join(checkedOut, file))
  }
  await run(ci, apkg, ['install', '--frozen-lockfile'], {cwd: checkedOut})
  const installed = await readFile(path.join(checkedOut, 'apkg_packages/@ada/base/SKILL.md'), 'utf8')
  expect(installed === skill('base'), 'the installed file is the published one')
  await run(ci, apkg, ['publish'], {cwd: checkedOut})
  const again = await run(ci, apkg, ['publish'], {cwd: checkedOut})
  expect(again.stderr.includes('already published with the same content'), 'publishing it again succeeds')
  const before = await run(ci, apkg, ['whoami'])
  expect(before.stdout.includes('Username: ada'), 'it is logged in as ada')

  say('Ada revokes it. The next request of the clean machine is refused.')
  await run(person, apkg, ['token', 'revoke', 'ci-deploy'])
  const after = await run(ci, apkg, ['whoami'], {exitCode: 4})
  expect(after.stderr.includes('revoked'), 'the error says why')

  say('Ada logs out.')
  await run(person, apkg, ['logout'])
  await run(person, apkg, ['whoami'], {exitCode: 4})
  console.log('\nDone. Every step succeeded.')
}

/** Creates an empty home directory and returns the environment of its machine. */
async function machine(name) {
  const home = path.join(folder, name)
  await mkdir(home)
  return {PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home}
}

function skill(name) {
  return `---\nname: ${name}\ndescription: Greets people. Use it to start a conversation.\n---\n\nSay hello.\n`
}

/** Creates a package in the home directory. */
async function project({HOME}, name, files) {
  const place = path.join(HOME, name.split('/')[1])
  await mkdir(place)
  const manifest = {name, version: '1.0.0', type: 'skill', description: '', license: 'MIT', visibility: 'private'}
  for (const [file, text] of Object.entries({'apkg.json': JSON.stringify(manifest), ...files})) {
    await writeFile(path.join(place, file), text)
  }
  return place
}

async function serve(env, data) {
  const args = ['registry', 'serve', '--port', '0', '--json', '--data', data]
  console.log(`$ apkg ${args.map(quoted).join(' ')} &`)
  const [program, ...first] = apkgWithPlugin
  server = spawn(program, [...first, ...args], {env, stdio: ['ignore', 'pipe', 'ignore']})
  for await (const line of createInterface({input: server.stdout})) {
    console.log(indented(line))
    return JSON.parse(line).url
  }
  throw new Error('The registry did not start')
}

async function run(env, [program, ...first], args, options = {}) {
  const {input = '', exitCode = 0, secretOutput = false, cwd = folder} = options
  console.log(`$ apkg ${args.map(quoted).join(' ')}`)
  const child = spawn(program, [...first, ...args], {env, cwd})
  child.stdin.end(input)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  const shown = secretOutput ? `${stdout.slice(0, 12)}…\n` : stdout
  process.stdout.write(indented(stderr + shown))
  expect(code === exitCode, exitCode === 0 ? undefined : `exit code ${exitCode}`, `exit code ${code}`)
  return {stdout, stderr}
}

async function stop(child) {
  child.kill('SIGTERM')
  await new Promise((resolve) => child.on('close', resolve))
}

async function text(stream) {
  let all = ''
  for await (const chunk of stream.setEncoding('utf8')) all += chunk
  return all
}

function expect(condition, description, problem = `failed: ${description}`) {
  if (!condition) throw new Error(problem)
  if (description) console.log(`  ✓ ${description}`)
}

function say(sentence) {
  console.log(`\n# ${sentence}`)
}

function indented(lines) {
  return lines.trim() === '' ? '' : `${lines.trimEnd().replace(/^/gm, '  ')}\n`
}

function quoted(word) {
  return /^[\w@./:-]+$/.test(word) ? word.replace(folder, '/tmp/demo') : `'${word}'`
}
