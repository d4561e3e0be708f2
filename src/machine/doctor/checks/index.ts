import type {Check} from '../check.js'
import {cacheCheck} from './cache.js'
import {certificatesCheck} from './certificates.js'
import {clockCheck} from './clock.js'
import {completionCheck} from './completion.js'
import {credentialCheck} from './credential.js'
import {filesCheck} from './files.js'
import {nodeCheck} from './node.js'
import {pathCheck} from './path.js'
import {pluginsCheck} from './plugins.js'
import {proxyCheck} from './proxy.js'
import {registryCheck} from './registry.js'
import {setupCheck} from './setup.js'
import {updateCheck} from './update.js'

/** In the order of the report. Checks that others depend on come first. */
export const checks: readonly Check[] = [
  nodeCheck,
  updateCheck,
  pathCheck,
  completionCheck,
  filesCheck,
  cacheCheck,
  proxyCheck,
  certificatesCheck,
  registryCheck,
  clockCheck,
  credentialCheck,
  pluginsCheck,
  setupCheck,
]
