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
  EntityTag: {
    description:
      'Identifies this state of the resource. Send it as `If-None-Match` to get a body only if something has changed.',
    schema: {type: 'string'},
  },
}

export const requestIdHeader = {'X-Request-Id': {$ref: '#/components/headers/RequestId'}}
