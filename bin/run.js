#!/usr/bin/env node
import {main} from '../dist/entry/main.js'

await main(new URL('..', import.meta.url))
