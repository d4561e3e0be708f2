import {actorOf} from '../auth/actor.js'
import {createId} from '../auth/credential-values.js'
import {readPublisherRequest} from '../auth/oidc/publisher-request.js'
import {publisherResponse} from '../auth/oidc/publisher-response.js'
import {Refusal} from '../http/refusal.js'
import {isSecureUrl} from '../http/secure-url.js'
import {scopeHolder} from '../store/package-rights.js'
import type {Handler, Ports} from './handler.js'

export const addTrustedPublisher: Handler<'addTrustedPublisher'> = async (call, ports) => {
  const {body, credential, client, now} = call
  const {store, idTokens} = ports
  assertOffered(ports)
  const draft = {id: createId(), ...readPublisherRequest(body, (issuer) => idTokens.accepts(issuer))}
  const by = actorOf(credential, client)
  const added = await store.trustedPublishers.add(draft, credential, by, now.getTime())
  if (typeof added === 'string') throw additionRefusal(added, body.package, credential.owner.name)
  return publisherResponse(added, now)
}

export const listTrustedPublishers: Handler<'listTrustedPublishers'> = async ({credential, now}, {store}) => {
  const {publishers, required} = await store.trustedPublishers.list(credential.owner.id)
  return {publishers: publishers.map((each) => publisherResponse(each, now)), required}
}

export const removeTrustedPublisher: Handler<'removeTrustedPublisher'> = async (call, {store}) => {
  const {params, credential, client, now} = call
  const by = actorOf(credential, client)
  const outcome = await store.trustedPublishers.remove(params.id, credential, by, now.getTime())
  if (outcome === 'unknown') throw new Refusal('TRUSTED_PUBLISHER_UNKNOWN')
  if (outcome === 'changed') throw changed()
}

export const requireTrustedPublishing: Handler<'requireTrustedPublishing'> = async (call, ports) => {
  const {body, credential, client, now} = call
  assertOffered(ports)
  const requirement = {scope: scopeHolder(body.package), required: body.required}
  const by = actorOf(credential, client)
  const outcome = await ports.store.trustedPublishers.require(requirement, credential, by, now.getTime())
  if (outcome === 'forbidden') throw forbidden(body.package, credential.owner.name)
  if (outcome === 'changed') throw changed()
  return body
}

/** Without https, responds like a registry that doesn't support trusted publishing. */
function assertOffered({baseUrl}: Ports): void {
  if (!isSecureUrl(baseUrl())) throw new Refusal('NOT_FOUND')
}

function additionRefusal(
  outcome: 'forbidden' | 'exists' | 'limit-reached' | 'changed',
  published: string,
  user: string,
): Refusal {
  switch (outcome) {
    case 'forbidden':
      return forbidden(published, user)
    case 'exists':
      return new Refusal('TRUSTED_PUBLISHER_EXISTS', {message: `${published} already has this trusted publisher`})
    case 'limit-reached':
      return new Refusal('TRUSTED_PUBLISHER_LIMIT')
    case 'changed':
      return changed()
  }
}

/** The refusal doesn't reveal whether the scope exists. */
function forbidden(published: string, user: string): Refusal {
  const holder = scopeHolder(published)
  const message = `You do not have permission to manage @${holder}. Only its user or the admins of its organization can. The operator of the registry can add an admin with \`apkg registry org add ${holder} ${user} --role admin\``
  return new Refusal('PACKAGE_FORBIDDEN', {message})
}

function changed(): Refusal {
  return new Refusal('CREDENTIAL_REVOKED', {message: 'The session became invalid during the request'})
}
