import {describe} from 'node:test'

import {skipWithoutPostgres} from '../support/postgres-server.js'
import {usePostgres} from '../support/world-database.js'

const skip = skipWithoutPostgres()

// Elsewhere these tests run on SQLite, in separate processes. Not here:
// - operations/sweep-old-rows: the transactions of its 700 tokens conflict. The store's contract sweeps, too.
// - operations/storage-full: about the files of a data directory
// - http/allowed-methods, json-body, body-timeout, assert-host: refused before the database is asked
if (skip === false) {
  usePostgres()
  await import('./app.test.js')
  await import('./auth/browser-requests.test.js')
  await import('./auth/confirmation.test.js')
  await import('./auth/credential-guard.test.js')
  await import('./auth/credential-headers.test.js')
  await import('./auth/limited-uses.test.js')
  await import('./auth/login.test.js')
  await import('./auth/release-tokens.test.js')
  await import('./handlers/exchange.test.js')
  await import('./handlers/idempotency.test.js')
  await import('./handlers/invitations.test.js')
  await import('./handlers/keys.test.js')
  await import('./handlers/leaked-values.test.js')
  await import('./handlers/login-sessions.test.js')
  await import('./handlers/members.test.js')
  await import('./handlers/organization-tokens.test.js')
  await import('./handlers/operator-organizations.test.js')
  await import('./handlers/operator-users.test.js')
  await import('./handlers/packages.test.js')
  await import('./handlers/permission.test.js')
  await import('./handlers/policy.test.js')
  await import('./handlers/refused-uses.test.js')
  await import('./handlers/sessions.test.js')
  await import('./handlers/status.test.js')
  await import('./handlers/tarballs.test.js')
  await import('./handlers/token-details.test.js')
  await import('./handlers/token-log.test.js')
  await import('./handlers/token-rotation.test.js')
  await import('./handlers/token-suspensions.test.js')
  await import('./handlers/tokens.test.js')
  await import('./handlers/trusted-publishers.test.js')
  await import('./http/readiness.test.js')
  await import('./http/client-address.test.js')
  await import('./http/problem-reply.test.js')
  await import('./http/stopping.test.js')
  await import('./operations/collect-garbage.test.js')
  await import('./operations/seal-audit.test.js')
  await import('./publishing/publish-version.test.js')
  await import('./publishing/upload.test.js')
  await import('./store/rules/expiry-notices.test.js')
  await import('./web/invite.test.js')
  await import('./web/pages.test.js')
  await import('./web/package-pages.test.js')
  await import('./web/sessions.test.js')
  await import('./webhooks/deliverer.test.js')
} else {
  describe('the HTTP API on PostgreSQL', {skip}, () => {})
}
