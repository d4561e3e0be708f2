import assert from 'node:assert/strict'
import {renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {describe, it} from 'node:test'

import {packageOf} from '../../support/uploads.js'
import {createWebWorld, getPage, upload} from '../../support/web.js'

const skill = {'SKILL.md': '---\nname: tool\ndescription: A tool\n---\n\nUse it.\n'}

describe('making previews', () => {
  it('previews: a tarball that was missing for a moment has a preview afterwards', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    const [blobs, away] = [join(world.folder, 'blobs'), join(world.folder, 'away')]
    const state = async () => (await getPage(world, '/-/files/@ada/tool/1.0.0')).html
    await upload(world, token, await packageOf({name: '@ada/tool'}, skill))
    await previews.idle()
    rmSync(join(world.folder, 'previews'), {recursive: true})
    renameSync(blobs, away)
    assert.match(await state(), /Being prepared/)
    await previews.idle()
    assert.match(await state(), /Being prepared/)
    await previews.idle()
    renameSync(away, blobs)
    assert.match(await state(), /Being prepared/)
    await previews.idle()
    assert.match(await state(), /SKILL\.md/)
  })
})
