import assert from 'node:assert/strict'
import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import type {DoctorContext} from '../../../../src/machine/doctor/check.js'
import {pathCheck} from '../../../../src/machine/doctor/checks/path.js'
import {tempFolder} from '../../../support/temp-folder.js'

async function installed(t: TestContext) {
  const root = await tempFolder(t)
  await mkdir(path.join(root, 'bin'))
  const program = path.join(root, 'bin', 'run.js')
  await writeFile(program, '')
  const check = (PATH: string) => pathCheck.run({env: {PATH}, program: {root}} as unknown as DoctorContext)
  return {root, program, check}
}

describe('doctor: PATH', () => {
  it('doctor: warns if the apkg on PATH is missing or another one', async (t) => {
    const {root, program, check} = await installed(t)
    assert.deepEqual(await check('/nowhere'), [
      {
        status: 'warning',
        message: 'apkg is not on your PATH, so scripts and other programs cannot run it',
        fix: `run \`node ${program} add-to-path\``,
      },
    ])
    const folder = path.join(root, 'other')
    await mkdir(folder)
    await writeFile(path.join(folder, 'apkg'), '')
    const [finding] = await check(folder)
    assert.deepEqual(
      [finding?.status, finding?.message],
      ['warning', `${folder}/apkg is a different apkg installation`],
    )
  })

  it('doctor: warns about nothing in a clone, which is run by its path or an alias', async (t) => {
    const {root, program, check} = await installed(t)
    await writeFile(path.join(root, 'bin', 'dev.js'), '')
    const message = `apkg runs from a clone, ${root}`
    assert.deepEqual(await check('/nowhere'), [{status: 'skipped', message, fix: null}])
    await symlink(program, path.join(root, 'apkg'))
    assert.deepEqual(await check(root), [{status: 'ok', message: path.join(root, 'apkg'), fix: null}])
  })
})
