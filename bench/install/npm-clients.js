import {mkdir, readdir, writeFile} from 'node:fs/promises'
import path from 'node:path'

import {measure, run} from './measure.js'
import {places} from './places.js'

/** Installers of npm packages that are installed for the benchmark. Both are programs for one platform each. */
const others = {
  pnpm: {scope: '@pnpm', program: /^exe\./, binary: 'pnpm'},
  bun: {scope: '@oven', program: /^bun-/, binary: 'bin/bun'},
}

/**
 * The installers of npm packages. Each installs exactly what its lockfile contains, without running scripts.
 *
 * `lockfile` is what it calls that, and `env` moves its cache and its store to a directory.
 */
const clients = {
  npm: {
    lockfile: 'package-lock.json',
    frozen: ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'],
    env: (cache) => ({npm_config_cache: cache}),
  },
  pnpm: {
    lockfile: 'pnpm-lock.yaml',
    frozen: ['install', '--frozen-lockfile', '--ignore-scripts'],
    env: (cache) => ({XDG_DATA_HOME: `${cache}/data`, XDG_CACHE_HOME: `${cache}/cache`, PNPM_HOME: `${cache}/home`}),
  },
  bun: {
    lockfile: 'bun.lock',
    frozen: ['install', '--frozen-lockfile', '--ignore-scripts'],
    env: (cache) => ({BUN_INSTALL_CACHE_DIR: cache}),
  },
}

/**
 * Finds npm, and installs pnpm and bun. npm needs access to its registry, so this uses the current environment.
 *
 * @param folder an existing directory
 * @returns each client's name, its version, and the program with its first arguments
 */
export async function installNpmClients(folder) {
  const prefix = path.join(folder, 'npm-clients')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix]
  await run('npm', ['install', ...flags, ...Object.keys(others)])
  const {stdout} = await run('npm', ['root', '--global'])
  const commands = {npm: [process.execPath, path.join(stdout.trim(), 'npm/bin/npm-cli.js')]}
  for (const [name, {scope, program, binary}] of Object.entries(others)) {
    const packages = path.join(prefix, 'node_modules', scope)
    const found = (await readdir(packages)).find((each) => program.test(each))
    commands[name] = [path.join(packages, found, binary)]
  }
  return Promise.all(
    Object.entries(commands).map(async ([name, command]) => {
      const [start, ...args] = command
      return {name, command, version: (await run(start, [...args, '--version'])).stdout.trim()}
    }),
  )
}

/** Installs a project once, to create a lockfile and fill the cache. */
export async function prepareNpmClient({name, command}, packages, registry, folder, env) {
  const {lockfile, frozen, env: cacheVariables} = clients[name]
  const project = path.join(folder, `${name}-project`)
  await mkdir(project)
  const dependencies = Object.fromEntries(packages.filter(({isRoot}) => isRoot).map(({name}) => [name, '^1.0.0']))
  const manifest = {name: 'project', version: '1.0.0', dependencies}
  await writeFile(path.join(project, 'package.json'), JSON.stringify(manifest, undefined, 2))
  await writeFile(path.join(project, '.npmrc'), `registry=${registry.url}/\n`)
  const options = (place, cache) => ({cwd: place, env: {...env, ...cacheVariables(cache)}})
  const [program, ...first] = command
  await run(program, [...first, 'install', '--ignore-scripts'], options(project, `${project}-cache`))
  const where = places(project, ['package.json', '.npmrc', lockfile])
  return async (how) => {
    const {place, cache} = await where(how)
    return measure([...command, ...frozen], options(place, cache))
  }
}
