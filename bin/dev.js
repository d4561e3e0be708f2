#!/usr/bin/env node
// The entry of a checkout: no manifest, which might be stale, and the registry plugin at hand.
import {checkoutWith} from '../dist/entry/checkout.js'
import {main} from '../dist/entry/main.js'

await main(new URL('..', import.meta.url), {ownPlugins: checkoutWith(['@apkg/plugin-registry'])})
