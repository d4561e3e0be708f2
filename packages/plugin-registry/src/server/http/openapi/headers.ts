/** The headers of answers, as components of the document. */
export const headers = {
  RequestId: {
    description: 'The ID of the request in the logs of the registry.',
    schema: {type: 'string', format: 'uuid'},
  },
  RetryAfter: {description: 'Seconds to wait before trying again.', schema: {type: 'integer', minimum: 1}},
  WwwAuthenticate: {description: 'The credential to send (RFC 6750).', schema: {type: 'string'}},
  EntityTag: {
    description: 'Names this state of the resource. Send it as `If-None-Match` to get an answer only after a change.',
    schema: {type: 'string'},
  },
}

export const requestIdHeader = {'X-Request-Id': {$ref: '#/components/headers/RequestId'}}
