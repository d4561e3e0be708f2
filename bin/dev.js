#!/usr/bin/env node
// The entry point of a checkout. It ignores the manifest, which could be stale, and includes the registry plugin.
import {main} from '../dist/entry/main.js'

await main(new URL('..', import.meta.url), {
  async ownPlugins(root, pjson) {
    // oclif loads only in an environment that `main` has completed.
    const {checkoutWith} = await import('../dist/entry/checkout.js')
    return checkoutWith(['@apkg/plugin-registry'])(root, pjson)
  },
})
