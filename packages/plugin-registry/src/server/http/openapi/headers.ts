/** The response headers, as components of the document. */
export const headers = {
  RequestId: {
    description: 'The ID of the request, which is also in the log of the registry.',
    schema: {type: 'string', format: 'uuid'},
  },
  RetryAfter: {description: 'Seconds to wait before the next attempt.', schema: {type: 'integer', minimum: 1}},
  WwwAuthenticate: {
    description: 'The authentication scheme, and what is wrong with the credential (RFC 6750).',
    schema: {type: 'string'},
  },
  CredentialExpires: {
    description:
      'When the credential in use expires (RFC 3339), or `never`. Sent in every response to a request with a valid credential.',
    schema: {type: 'string', example: '2026-12-23T12:00:00.000Z'},
  },
  Credential: {
    description:
      'Sent if the credential is a token that expires. Form-encoded: `id`, `label` and `created`, `organization` if it belongs to one, and `rotates` if it can rotate itself.',
    schema: {type: 'string', example: 'id=4h455vb4pex5vsk0&label=ci-deploy&created=2026-11-23T12%3A00%3A00.000Z'},
  },
  EntityTag: {
    description:
      'Identifies this state of the resource. Send it as `If-None-Match` to get a body only if something has changed.',
    schema: {type: 'string'},
  },
}

export const requestIdHeader = {'X-Request-Id': {$ref: '#/components/headers/RequestId'}}

export const credentialHeaders = {
  'Apkg-Credential-Expires': {$ref: '#/components/headers/CredentialExpires'},
  'Apkg-Credential': {$ref: '#/components/headers/Credential'},
}
