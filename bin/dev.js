#!/usr/bin/env node
// The entry point of a checkout. It ignores the manifest, which could be stale, and includes the registry plugin.
import {checkoutWith} from '../dist/entry/checkout.js'
import {main} from '../dist/entry/main.js'

await main(new URL('..', import.meta.url), {ownPlugins: checkoutWith(['@apkg/plugin-registry'])})
