import assert from 'node:assert/strict'
import {copyFile, mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {it} from 'node:test'

import {loggedIn} from '../support/logged-in.js'
import {program} from '../support/machine.js'

/** The path of a directory below the home directory, and a function that runs commands there and expects no warning. */
async function inFolder({machine, env}: Awaited<ReturnType<typeof loggedIn>>, name: string) {
  const folder = path.join(machine.home, name)
  await mkdir(path.join(folder, '.claude'), {recursive: true})
  const run = async (line: string) => {
    const {stdout, stderr, exitCode} = await machine.apkg(line.split(' '), {cwd: folder, env})
    assert.equal(exitCode, 0, `${line}: ${stderr}`)
    assert.doesNotMatch(stdout + stderr, /warning|not verified/i, line)
    return stdout + stderr
  }
  return {at: (file: string) => path.join(folder, file), run}
}

it('first hour: from init to verify, no command warns if nothing is wrong', async (t) => {
  const world = await loggedIn(t)
  const greeter = await inFolder(world, 'greeter')
  await greeter.run('init --name @ada/greeter --type skill --description Greets')
  await writeFile(greeter.at('SKILL.md'), '---\nname: greeter\ndescription: Greets\n---\n\nSay hello.\n')
  for (const line of ['lint', 'pack', 'publish --dry-run', 'publish']) {
    await greeter.run(line)
  }

  const app = await inFolder(world, 'app')
  const added = await app.run('add @ada/greeter')
  assert.match(added, /^New scope @ada: @ada\/greeter is published by ada\n1 package is not signed by its author$/m)
  await app.run('install')

  const clone = await inFolder(world, 'clone')
  for (const file of ['apkg.json', 'apkg-lock.json']) await copyFile(app.at(file), clone.at(file))
  for (const line of [
    'install --frozen-lockfile',
    'ci',
    'update',
    'outdated',
    'verify',
    'audit signatures',
    'setup --check',
    'list',
    'info @ada/greeter',
  ]) {
    await clone.run(line)
  }

  await greeter.run('version minor --no-git')
  await greeter.run('publish')
  assert.match(await clone.run('update --latest'), /^1 package is not signed by its author$/m)
  await clone.run('remove @ada/greeter')
})

it('first hour: doctor warns of nothing if apkg is on the PATH', async (t) => {
  const world = await loggedIn(t)
  const {machine} = world
  const bin = path.join(machine.home, 'bin')
  await mkdir(bin)
  await symlink(program.at(-1) ?? '', path.join(bin, 'apkg'))
  await writeFile(path.join(machine.home, '.bashrc'), '')
  const env = {...world.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, SHELL: '/bin/bash'}
  const {stdout, stderr, exitCode} = await machine.apkg(['doctor'], {env})
  assert.equal(exitCode, 0, stdout)
  assert.doesNotMatch(stdout, /^(?:warning|problem)/m)
  assert.equal(stderr, 'No problems found.\n')
})
